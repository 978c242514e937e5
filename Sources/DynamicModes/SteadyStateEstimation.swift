/// Estimates the limit to which a window's local hypergradients tend, in every way there is.
///
/// With N = σ − m + 1 Hankel columns, k_t ≈ Φ Λ^{t−1} b; what each estimator makes of it stands in its
/// file.
///
/// - Parameters:
///   - trajectory: `[steps, hyperparameters]` row-major, h_t in row t, the latest last.
///   - steps: σ, at least 1; fewer than `settings.stepsNeeded` leave the modes out.
///   - hyperparameters: q, at least 1.
///   - requested: whose answer is wanted.
///   - settings: see there; there must be no `complaint` about them.
///   - horizon: n, the inner steps that remain after the window's end, at least 0.
/// - Returns: every answer, and the one to go by. Whatever the numbers are, the outcome is a value.
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

/// The same for several tolerances, with the modes and the affine map computed once for them all.
///
/// - Parameters:
///   - trajectory: as for `estimateSteadyState`.
///   - steps: σ, as there.
///   - hyperparameters: q, as there.
///   - settings: see there; its own tolerance is not looked at.
///   - tolerances: each in [0, 1).
///   - horizon: n, as there.
///   - estimators: who will be asked; the others have no answer, except the tail mean.
/// - Returns: for each tolerance the same bits as `estimateSteadyState` gives; asked for is `dmd`.
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
