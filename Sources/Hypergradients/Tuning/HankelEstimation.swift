import DynamicModes

/// The estimators of `DynamicModes`: Hankel DMD, the affine fit and the tail of the trajectory.
public struct HankelEstimation: LimitEstimation {
  /// How modes are computed and judged.
  public let settings: DynamicModeSettings

  /// An estimation with these settings.
  public init(_ settings: DynamicModeSettings) { self.settings = settings }

  /// Every estimator's answer and the one that was used, with the reason of a fallback.
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
