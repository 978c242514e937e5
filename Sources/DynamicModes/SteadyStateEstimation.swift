/// Estimates the limit of a window's local hypergradients with every estimator.
///
/// With N = σ − m + 1 Hankel columns, k_t ≈ Φ Λ^{t−1} b; each estimator's file says how it uses
/// this model.
///
/// - Parameters:
///   - trajectory: `[steps, hyperparameters]` row-major, h_t in row t, latest last.
///   - steps: σ, at least 1; with fewer than `settings.stepsNeeded` the modes are omitted.
///   - hyperparameters: q, at least 1.
///   - requested: the estimator to use if its estimate is trusted.
///   - settings: must have no `complaint`.
///   - horizon: n, the number of inner steps after the window's end, at least 0.
/// - Returns: every estimate, and the one to use. Any input numbers give a value, never an error.
/// - Complexity: O(m q N² + r² N²) operations and O(m q N + r N²) numbers, for N = σ − m + 1 Hankel
///   columns and rank r.
public func estimateSteadyState(
  trajectory: [Double], steps: Int, hyperparameters: Int, requested: Estimator,
  settings: DynamicModeSettings, horizon: Int
) -> SteadyState {
  guard
    let state = estimateSteadyStates(
      trajectory: trajectory, steps: steps, hyperparameters: hyperparameters, settings: settings,
      tolerances: [settings.tolerance], horizon: horizon
    ).first
  else { preconditionFailure("a tolerance without an answer") }
  return state.requesting(requested)
}

/// The same for several tolerances; the modes and the affine map are computed once for all of them.
///
/// - Parameters:
///   - trajectory: as for `estimateSteadyState`.
///   - steps: σ, as there.
///   - hyperparameters: q, as there.
///   - settings: as there; its own tolerance is ignored.
///   - tolerances: each in [0, 1).
///   - horizon: n, as there.
///   - estimators: the estimators to run; the others give no estimate, except the tail mean.
/// - Returns: for each tolerance a result bitwise equal to that of `estimateSteadyState`, with
///   `dmd` requested.
public func estimateSteadyStates(
  trajectory: [Double], steps: Int, hyperparameters: Int, settings: DynamicModeSettings,
  tolerances: [Double], horizon: Int, estimators: [Estimator] = Estimator.allCases
) -> [SteadyState] {
  precondition(steps >= 1 && hyperparameters >= 1, "\(steps) steps of \(hyperparameters)")
  precondition(
    trajectory.count == steps * hyperparameters,
    "\(trajectory.count) numbers for \(steps) steps of \(hyperparameters) hyperparameters")
  precondition(horizon >= 0, "a horizon of \(horizon) steps")
  let complaint = settings.complaint
  precondition(complaint == nil, complaint?.sentence ?? "")

  if let index = trajectory.firstIndex(where: { !$0.isFinite }) {
    return tolerances.map { _ in
      .withoutAnswer(.trajectoryNotFinite(step: index / hyperparameters))
    }
  }
  let observed = ObservedTrajectory(
    trajectory, steps: steps, hyperparameters: hyperparameters, settings: settings,
    horizon: horizon)
  let readings = Estimator.allCases
    .filter { estimators.contains($0) || $0 == .tailMean }
    .map { (estimator: $0, answer: $0.reading(of: observed)) }
  return tolerances.map { tolerance in
    var estimates: [Estimator: [Double]] = [:]
    var reasons: [Estimator: FallbackReason] = [:]
    for (estimator, reading) in readings {
      let answer = reading(tolerance)
      estimates[estimator] = answer.estimate?.map { $0 * observed.unit }
      reasons[estimator] = answer.reason
    }
    return SteadyState(
      requested: .dmd, estimate: nil, used: nil, fallback: nil, estimates: estimates,
      reasons: reasons, spectrum: observed.spectrum(tolerance: tolerance)
    ).requesting(.dmd)
  }
}

extension ObservedTrajectory {
  fileprivate func spectrum(tolerance: Double) -> Spectrum? {
    switch modes {
    case .failure: nil
    case .success(let decomposition):
      Spectrum(decomposition, tolerance: tolerance, unit: unit)
    }
  }
}

extension SteadyState {
  fileprivate static func withoutAnswer(_ reason: FallbackReason) -> SteadyState {
    SteadyState(
      requested: .dmd, estimate: nil, used: nil, fallback: reason, estimates: [:],
      reasons: Dictionary(uniqueKeysWithValues: Estimator.allCases.map { ($0, reason) }),
      spectrum: nil)
  }
}
