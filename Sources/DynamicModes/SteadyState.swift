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

/// The eigenvalues of a trajectory's dynamic mode decomposition and how well they describe it.
public struct Spectrum: Equatable, Sendable {
  /// One entry per eigenvalue: both members of a conjugate pair, side by side; |λ| falling.
  public struct Mode: Equatable, Sendable {
    /// Re λ.
    public let real: Double
    /// Im λ.
    public let imaginary: Double
    /// |b| for a mode of unit length, in the units of the hypergradient: how much of it is in the
    /// first Hankel column, where the trajectory begins.
    public let amplitude: Double
    /// Whether `dmd` reads λ as 1 and keeps the mode.
    public let isSteady: Bool

    /// |λ|.
    public var modulus: Double { Complex(real, imaginary).modulus }
  }

  /// The modes.
  public let modes: [Mode]
  /// max |λ|; 0 when there is no mode.
  ///
  /// Above 1, the present hyperparameters make training diverge.
  public let spectralRadius: Double
  /// r: the singular values kept.
  public let rank: Int
  /// ‖[k_1 … k_N] − Φ [b, Λb, …]‖ / ‖[k_1 … k_N]‖ in the Frobenius norm; infinite where a fast
  /// growing mode overflows within the window, never NaN.
  public let relativeResidual: Double
  /// The condition number of the eigenvectors; infinite where they are dependent, never NaN.
  public let eigenbasisCondition: Double
  /// All singular values of X, falling, in the units of the hypergradient.
  public let singularValues: [Double]

  init(_ decomposition: DynamicModeDecomposition, tolerance: Double, unit: Double) {
    modes = decomposition.modes.flatMap { mode -> [Mode] in
      let lambda = mode.eigenvalue
      let signs = mode.isPair ? [1.0, -1.0] : [1.0]
      return signs.map { sign in
        Mode(
          real: lambda.real, imaginary: sign * lambda.imaginary,
          amplitude: mode.amplitude.modulus * unit,
          isSteady: mode.isSteady(within: tolerance))
      }
    }
    spectralRadius = decomposition.modes.first?.eigenvalue.modulus ?? 0
    rank = decomposition.rank
    relativeResidual = decomposition.relativeResidual
    eigenbasisCondition = decomposition.eigenbasisCondition
    singularValues = decomposition.singularValues.map { $0 * unit }
  }
}
