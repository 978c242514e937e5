extension Estimator {
  /// The paper's estimator: modes with | |λ| − 1 | within the tolerance, with λ set to 1 (paper,
  /// section 3).
  public static let dmd = Estimator(SteadyModes())
}

/// The state at the end of the window is the last q rows of the last Hankel column k_N.
///
///     last q rows of Σ b_j φ_j λ_j^{N−1}     over | |λ_j| − 1 | ≤ tolerance
///
/// An eigenvalue on the unit circle is set to 1: its mode keeps its value at the window's end; the
/// other modes are dropped. Evaluating at the window's end is not from the paper.
private struct SteadyModes: EstimatorRule {
  let name = "dmd"

  func stepsNeeded(_ settings: DynamicModeSettings) -> Int { settings.stepsNeeded }

  func reading(of trajectory: ObservedTrajectory) -> (_ tolerance: Double) -> EstimatorAnswer {
    { tolerance in
      trajectory.answer { decomposition in
        let modes = decomposition.modes
        guard modes.contains(where: { $0.isSteady(within: tolerance) }) else {
          let moduli = modes.map(\.eigenvalue.modulus)
          let closest = moduli.min { abs($0 - 1) < abs($1 - 1) } ?? 0
          return EstimatorAnswer(
            reason: .noModeNearUnitCircle(closest: closest, tolerance: tolerance))
        }
        let position = decomposition.snapshots - 1
        return trajectory.guarded(
          decomposition.combination(rows: trajectory.lastRows) { mode in
            mode.isSteady(within: tolerance) ? mode.eigenvalue.power(position) : nil
          })
      }
    }
  }
}

extension Eigenmode {
  /// Whether λ is treated as 1.
  func isSteady(within tolerance: Double) -> Bool {
    abs(eigenvalue.modulus - 1) <= tolerance
  }
}
