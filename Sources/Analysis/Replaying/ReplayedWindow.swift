import DynamicModes
import Hypergradients

/// The result of a setting and an estimator for a recorded window.
struct ReplayedWindow {
  let window: Int
  /// q.
  let hyperparameters: Int
  let setting: ReplaySetting
  let estimator: Estimator
  /// The estimate, `[q]`; nil if h itself is not finite.
  let estimate: [Double]?
  /// The estimator that gave it.
  let used: Estimator?
  let fallback: String?
  let spectralRadius: Double?
  /// The agreement with the estimate that the run used.
  let withRecorded: Agreement?
  /// The agreement with the mean of the last m.
  let withTailMean: Agreement?

  init(
    _ trajectory: RecordedTrajectory, _ setting: ReplaySetting, _ state: SteadyState,
    recorded: [Double]?
  ) {
    window = trajectory.window
    hyperparameters = trajectory.hyperparameters
    self.setting = setting
    estimator = state.requested
    estimate = state.estimate
    used = state.used
    fallback = state.fallback.map { "\($0)" }
    spectralRadius = state.spectrum?.spectralRadius
    withRecorded = state.estimate.flatMap { estimate in
      recorded.flatMap { $0.count == estimate.count ? Agreement(of: estimate, with: $0) : nil }
    }
    withTailMean = state.estimate.flatMap { estimate in
      state.estimates[.tailMean].map { Agreement(of: estimate, with: $0) }
    }
  }
}
