extension Estimator {
  /// The mean of the last m hypergradients; the fallback of the other estimators.
  public static let tailMean = Estimator(TailMean())
}

private struct TailMean: EstimatorRule {
  let name = "tail-mean"

  /// With fewer steps, the mean would be over fewer than m.
  func stepsNeeded(_ settings: DynamicModeSettings) -> Int { settings.stacks }

  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer {
    { _ in EstimatorAnswer(estimate: trajectory.tailMean) }
  }
}
