/// The computation of an estimator.
protocol EstimatorRule: Sendable {
  /// The estimator's name.
  var name: String { get }

  /// The minimum number of observed steps that the estimator needs.
  func stepsNeeded(_ settings: DynamicModeSettings) -> Int

  /// Whether the estimate depends on the horizon.
  var looksAhead: Bool { get }

  /// Does the work that is the same for every tolerance.
  ///
  /// - Returns: a function from a tolerance to the answer, in the trajectory's units.
  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer
}

extension EstimatorRule {
  /// Defaults to false.
  var looksAhead: Bool { false }
}

/// An estimator's own estimate, and whether it can be trusted.
struct EstimatorAnswer {
  /// The estimate, `[q]`; nil if there is no finite one.
  var estimate: [Double]?
  /// Why the estimate is missing or not trusted; nil if it is trusted.
  var reason: FallbackReason?
}
