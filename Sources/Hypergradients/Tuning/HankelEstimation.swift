import DynamicModes

/// The estimators of `DynamicModes`: Hankel DMD, the affine fit and the tail of the trajectory.
public struct HankelEstimation: LimitEstimation {
  /// How modes are computed and accepted.
  public let settings: DynamicModeSettings

  /// Creates an estimation with these settings.
  public init(_ settings: DynamicModeSettings) { self.settings = settings }

  /// Every estimator's estimate and the one to use, with the reason for a fallback.
  public func limit(
    of trajectory: [Double], steps: Int, count: Int, requested: Estimator, horizon: Int
  ) -> LimitEstimate {
    let state = estimateSteadyState(
      trajectory: trajectory, steps: steps, hyperparameters: count, requested: requested,
      settings: settings, horizon: horizon)
    guard let used = state.used else {
      preconditionFailure("a finite trajectory has an estimate")
    }
    return LimitEstimate(
      estimates: state.estimates, used: used, fallback: state.fallback.map { "\($0)" },
      modes: state.spectrum)
  }
}
