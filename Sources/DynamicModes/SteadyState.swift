/// The estimated limit of a window's hypergradients.
public struct SteadyState: Equatable, Sendable {
  /// The requested estimator.
  public let requested: Estimator
  /// The estimate to use, `[q]`; never replaced by zero.
  ///
  /// nil only if the trajectory itself is not finite and there is nothing to fall back to.
  public let estimate: [Double]?
  /// The estimator that gave `estimate`: the requested one, or the tail mean after a fallback.
  public let used: Estimator?
  /// Why the requested estimator was not used; nil if it was.
  public let fallback: FallbackReason?
  /// Every estimator's own estimate if finite, including those that are not trusted.
  public let estimates: [Estimator: [Double]]
  /// Why an estimate is missing or not trusted; no entry for trusted ones.
  public let reasons: [Estimator: FallbackReason]
  /// The modes; nil if they could not be computed.
  public let spectrum: Spectrum?

  /// The same estimates with another estimator requested.
  public func requesting(_ estimator: Estimator) -> SteadyState {
    let fallback = reasons[estimator]
    let used: Estimator? =
      estimates.isEmpty ? nil : fallback == nil ? estimator : .tailMean
    return SteadyState(
      requested: estimator, estimate: used.flatMap { estimates[$0] }, used: used,
      fallback: fallback, estimates: estimates, reasons: reasons, spectrum: spectrum)
  }
}
