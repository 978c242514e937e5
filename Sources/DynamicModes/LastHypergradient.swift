extension Estimator {
  /// The last local hypergradient.
  public static let last = Estimator(LastHypergradient())
}

private struct LastHypergradient: EstimatorRule {
  let name = "last"

  func stepsNeeded(_ settings: DynamicModeSettings) -> Int { 1 }

  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer {
    let last = trajectory.states.column(trajectory.steps - 1)
    return { _ in EstimatorAnswer(estimate: last) }
  }
}
