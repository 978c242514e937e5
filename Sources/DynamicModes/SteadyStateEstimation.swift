/// Estimates the limit to which a window's local hypergradients tend, in every way there is.
///
/// With N = σ − m + 1 Hankel columns, k_t ≈ Φ Λ^{t−1} b, the state at the window's end is the last q
/// rows of the last column k_N, and
///
///     dmd:          last q rows of Σ b_j φ_j λ_j^{N−1}               over | |λ_j| − 1 | ≤ tolerance
///     dmd-horizon:  last q rows of Σ b_j φ_j λ_j^{N−1} min(1, 1/|λ_j|)ⁿ λ_jⁿ   over all j
///
/// (paper, section 3: an eigenvalue on the unit circle is read as 1, that is, its mode is left where
/// it is at the window's end; the others are dropped. The read-out at the end is not from the paper).
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
///   - trajectory: as for `estimateSteadyState`, as are `steps`, `hyperparameters`, `horizon`.
///   - settings: see there; its own tolerance is not looked at.
///   - tolerances: each in [0, 1).
///   - leavesOutAffine: whether nobody will ask for `affine`, which then has no answer.
/// - Returns: for each tolerance the same bits as `estimateSteadyState` gives; asked for is `dmd`.
public func estimateSteadyStates(
  trajectory: [Double], steps: Int, hyperparameters: Int, settings: DynamicModeSettings,
  tolerances: [Double], horizon: Int, leavesOutAffine: Bool = false
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
  let estimation = SteadyStateEstimation(
    trajectory: trajectory, steps: steps, hyperparameters: hyperparameters, settings: settings,
    horizon: horizon)
  let modes = estimation.decomposition()
  let fixedPoint = leavesOutAffine ? nil : estimation.fixedPoint()
  return tolerances.map { tolerance in
    var answers = estimation
    answers.settings.tolerance = tolerance
    answers.answer(with: modes)
    if let fixedPoint { answers.answer(with: fixedPoint) }
    return answers.steadyState()
  }
}

extension Eigenmode {
  /// Whether λ is read as 1.
  func isSteady(within tolerance: Double) -> Bool {
    abs(eigenvalue.modulus - 1) <= tolerance
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

/// The answers as they are collected, in units of the trajectory's largest number.
private struct SteadyStateEstimation {
  /// A power of two, so that dividing by it loses no bit and squares can neither overflow nor vanish.
  let unit: Double
  let scaled: [Double]
  let steps: Int
  let hyperparameters: Int
  var settings: DynamicModeSettings
  let horizon: Int
  let tailMean: [Double]
  /// max ‖h_t‖, the yardstick of the cap.
  let scale: Double
  var estimates: [Estimator: [Double]] = [:]
  var reasons: [Estimator: FallbackReason] = [:]
  var spectrum: Spectrum?

  init(
    trajectory: [Double], steps: Int, hyperparameters q: Int, settings: DynamicModeSettings,
    horizon: Int
  ) {
    let largest = trajectory.reduce(0) { max($0, abs($1)) }
    let unit =
      largest > 0
      ? Double(sign: .plus, exponent: Int(largest.exponent), significand: 1) : 1
    let scaled = trajectory.map { $0 / unit }
    let states = Matrix(rows: q, columns: steps, elements: scaled)
    self.unit = unit
    self.scaled = scaled
    self.steps = steps
    self.hyperparameters = q
    self.settings = settings
    self.horizon = horizon
    tailMean = states.columns(steps - min(settings.stacks, steps)..<steps).meanColumn
    scale = (0..<steps).reduce(0) { max($0, euclideanNorm(states.column($1))) }
    estimates = [.last: states.column(steps - 1), .tailMean: tailMean]
  }

  /// The modes, whatever the tolerance, or why there are none.
  func decomposition() -> Result<DynamicModeDecomposition, SteadyStateMiss> {
    guard steps >= settings.stepsNeeded else {
      return .failure(.init(.tooFewSteps(observed: steps, needed: settings.stepsNeeded)))
    }
    do throws(FactorizationError) {
      return .success(
        try DynamicModeDecomposition(
          of: hankelMatrix(
            trajectory: scaled, steps: steps, hyperparameters: hyperparameters,
            stacks: settings.stacks),
          rank: settings.rank, modes: settings.modes, amplitudes: settings.amplitudes))
    } catch {
      return .failure(.init(FallbackReason(error)))
    }
  }

  /// `dmd` and `dmd-horizon`.
  mutating func answer(with modes: Result<DynamicModeDecomposition, SteadyStateMiss>) {
    switch modes {
    case .failure(let miss): distrust(miss.reason, .dmd, .dmdHorizon)
    case .success(let decomposition): answer(with: decomposition)
    }
  }

  private mutating func answer(with decomposition: DynamicModeDecomposition) {
    spectrum = Spectrum(decomposition, tolerance: settings.tolerance, unit: unit)
    guard decomposition.rank > 0 else {
      distrust(.rankZero, .dmd, .dmdHorizon)
      return
    }
    read(decomposition)
    if !(decomposition.eigenbasisCondition <= settings.conditionLimit) {
      distrust(
        .illConditionedEigenbasis(
          condition: decomposition.eigenbasisCondition, limit: settings.conditionLimit),
        .dmd, .dmdHorizon)
    }
  }

  private mutating func read(_ decomposition: DynamicModeDecomposition) {
    let height = settings.stacks * hyperparameters
    let end = height - hyperparameters..<height
    let position = decomposition.snapshots - 1
    offer(
      decomposition.combination(rows: end) { mode in
        mode.eigenvalue.power(position) * mode.eigenvalue.clampedToUnitDisc.power(horizon)
      }, .dmdHorizon)

    let moduli = decomposition.modes.map(\.eigenvalue.modulus)
    guard decomposition.modes.contains(where: { $0.isSteady(within: settings.tolerance) }) else {
      let closest = moduli.min { abs($0 - 1) < abs($1 - 1) } ?? 0
      distrust(.noModeNearUnitCircle(closest: closest, tolerance: settings.tolerance), .dmd)
      return
    }
    offer(
      decomposition.combination(rows: end) { mode in
        mode.isSteady(within: settings.tolerance) ? mode.eigenvalue.power(position) : nil
      }, .dmd)
  }

  /// The affine map's fixed point, whatever the tolerance, or why there is none.
  func fixedPoint() -> Result<AffineFixedPoint, SteadyStateMiss> {
    guard steps >= 3 else { return .failure(.init(.tooFewSteps(observed: steps, needed: 3))) }
    do throws(FactorizationError) {
      return .success(
        try AffineFixedPoint(
          of: Matrix(rows: hyperparameters, columns: steps, elements: scaled), around: tailMean,
          settings: settings))
    } catch {
      return .failure(.init(FallbackReason(error)))
    }
  }

  /// `affine`.
  mutating func answer(with fixedPoint: Result<AffineFixedPoint, SteadyStateMiss>) {
    switch fixedPoint {
    case .failure(let miss): distrust(miss.reason, .affine)
    case .success(let point):
      if let estimate = point.estimate { offer(estimate, .affine) }
      if let reason = point.reason(tolerance: settings.tolerance) { distrust(reason, .affine) }
    }
  }

  /// Records an answer, with the guards that hold for every estimator.
  private mutating func offer(_ estimate: [Double], _ estimator: Estimator) {
    guard estimate.allSatisfy({ ($0 * unit).isFinite }) else {
      distrust(.estimateNotFinite, estimator)
      return
    }
    estimates[estimator] = estimate
    let distance = euclideanNorm(zip(estimate, tailMean).map { $0 - $1 })
    if !(distance <= settings.cap * scale) {
      distrust(.beyondCap(distance: distance / scale, cap: settings.cap), estimator)
    }
  }

  private mutating func distrust(_ reason: FallbackReason, _ estimators: Estimator...) {
    for estimator in estimators { reasons[estimator] = reason }
  }

  func steadyState() -> SteadyState {
    SteadyState(
      requested: .dmd, estimate: nil, used: nil, fallback: nil,
      estimates: estimates.mapValues { $0.map { $0 * unit } }, reasons: reasons, spectrum: spectrum
    ).requesting(.dmd)
  }
}

/// A reason as an error, so that a `Result` can hold it.
private struct SteadyStateMiss: Error {
  let reason: FallbackReason
  init(_ reason: FallbackReason) { self.reason = reason }
}
