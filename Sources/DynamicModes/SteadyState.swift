/// What a window's trajectory says about the limit of its hypergradients.
public struct SteadyState: Equatable, Sendable {
  /// The estimator that was asked for.
  public let requested: Estimator
  /// The answer to go by, q numbers; never replaced by zero.
  ///
  /// nil only when the trajectory itself is not finite, so that there is nothing to fall back to.
  public let estimate: [Double]?
  /// Whose answer `estimate` is: the requested one, or the tail mean after a fallback.
  public let used: Estimator?
  /// Why the requested answer was not used, or nil when it was.
  public let fallback: FallbackReason?
  /// Every estimator's own answer where it has a finite one, also where a guard does not trust it.
  public let estimates: [Estimator: [Double]]
  /// Why an estimator's answer is missing or not trusted; no entry where all is well.
  public let reasons: [Estimator: FallbackReason]
  /// The modes; nil when they could not be computed.
  public let spectrum: Spectrum?

  /// The same answers, with another one asked for.
  public func requesting(_ estimator: Estimator) -> SteadyState {
    let fallback = reasons[estimator]
    let used: Estimator? =
      estimates.isEmpty ? nil : fallback == nil ? estimator : .tailMean
    return SteadyState(
      requested: estimator, estimate: used.flatMap { estimates[$0] }, used: used,
      fallback: fallback, estimates: estimates, reasons: reasons, spectrum: spectrum)
  }
}
