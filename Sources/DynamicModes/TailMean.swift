extension Estimator {
  /// The mean of the last m; what the others fall back to.
  public static let tailMean = Estimator(TailMean())
}

private struct TailMean: EstimatorRule {
  let name = "tail-mean"

  /// Fewer would be a mean of fewer.
  func stepsNeeded(_ settings: DynamicModeSettings) -> Int { settings.stacks }

  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer {
    { _ in EstimatorAnswer(estimate: trajectory.tailMean) }
  }
}
