/// What an estimator makes of a trajectory.
protocol EstimatorRule: Sendable {
  /// What the estimator is called.
  var name: String { get }

  /// The fewest observed steps from which it gives what its name says.
  func stepsNeeded(_ settings: DynamicModeSettings) -> Int

  /// Whether its answer depends on the horizon.
  var looksAhead: Bool { get }

  /// Does what is the same for every tolerance.
  ///
  /// - Returns: what gives the answer for a tolerance, in the trajectory's units.
  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer
}

extension EstimatorRule {
  /// False.
  var looksAhead: Bool { false }
}

/// An estimator's own answer, and whether to trust it.
struct EstimatorAnswer {
  /// q numbers; nil where there is no finite answer.
  var estimate: [Double]?
  /// Why the answer is missing or not trusted; nil where all is well.
  var reason: FallbackReason?
}
