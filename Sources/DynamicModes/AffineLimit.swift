extension Estimator {
  /// The fixed point of an affine map fitted by ridge regression.
  public static let affine = Estimator(AffineLimit())
}

private struct AffineLimit: EstimatorRule {
  let name = "affine"

  func stepsNeeded(_ settings: DynamicModeSettings) -> Int { 3 }

  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer {
    let (steps, needed) = (trajectory.steps, stepsNeeded(trajectory.settings))
    guard steps >= needed else {
      return { _ in EstimatorAnswer(reason: .tooFewSteps(observed: steps, needed: needed)) }
    }
    do throws(FactorizationError) {
      let point = try AffineFixedPoint(
        of: trajectory.states, around: trajectory.tailMean, settings: trajectory.settings)
      let answer = point.estimate.map(trajectory.guarded) ?? EstimatorAnswer()
      return { tolerance in
        EstimatorAnswer(
          estimate: answer.estimate, reason: point.reason(tolerance: tolerance) ?? answer.reason)
      }
    } catch {
      let reason = FallbackReason(error)
      return { _ in EstimatorAnswer(reason: reason) }
    }
  }
}
