extension Estimator {
  /// All modes, with |λ| clamped to 1, advanced by the number of remaining steps.
  public static let dmdHorizon = Estimator(HorizonModes())
}

/// With n steps remaining after the window, the estimate is as follows.
///
///     last q rows of Σ b_j φ_j λ_j^{N−1} min(1, 1/|λ_j|)ⁿ λ_jⁿ     over all j
private struct HorizonModes: EstimatorRule {
  let name = "dmd-horizon"
  let looksAhead = true

  func stepsNeeded(_ settings: DynamicModeSettings) -> Int { settings.stepsNeeded }

  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer {
    let answer = trajectory.answer { decomposition in
      let position = decomposition.snapshots - 1
      return trajectory.guarded(
        decomposition.combination(rows: trajectory.lastRows) { mode in
          mode.eigenvalue.power(position)
            * mode.eigenvalue.clampedToUnitDisc.power(trajectory.horizon)
        })
    }
    return { _ in answer }
  }
}
