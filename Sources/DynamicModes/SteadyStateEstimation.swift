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
///   - settings: see there; they must have no `problem`.
///   - horizon: n, the inner steps that remain after the window's end, at least 0.
/// - Returns: every answer, and the one to go by. Whatever the numbers are, the outcome is a value.
/// - Complexity: O(m q N² + r² N²) operations and O(m q N + r N²) numbers, for N = σ − m + 1 Hankel
///   columns and rank r.
public func estimateSteadyState(
  trajectory: [Double], steps: Int, hyperparameters: Int, requested: Estimator,
  settings: DynamicModeSettings, horizon: Int
) -> SteadyState {
  precondition(steps >= 1 && hyperparameters >= 1, "\(steps) steps of \(hyperparameters)")
  precondition(
    trajectory.count == steps * hyperparameters,
    "\(trajectory.count) numbers for \(steps) steps of \(hyperparameters) hyperparameters")
  precondition(horizon >= 0, "a horizon of \(horizon) steps")
  precondition(settings.problem == nil, settings.problem ?? "")

  if let index = trajectory.firstIndex(where: { !$0.isFinite }) {
    return .withoutAnswer(requested, .trajectoryNotFinite(step: index / hyperparameters))
  }
  var estimation = SteadyStateEstimation(
    trajectory: trajectory, steps: steps, hyperparameters: hyperparameters, settings: settings,
    horizon: horizon)
  estimation.answerWithModes()
  estimation.answerWithAffineMap()
  return estimation.steadyState(requested: requested)
}

extension Eigenmode {
  /// Whether λ is read as 1.
  func isSteady(within tolerance: Double) -> Bool {
    abs(eigenvalue.modulus - 1) <= tolerance
  }
}

extension SteadyState {
  fileprivate static func withoutAnswer(
    _ requested: Estimator, _ reason: FallbackReason
  ) -> SteadyState {
    SteadyState(
      requested: requested, estimate: nil, used: nil, fallback: reason, estimates: [:],
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
  let settings: DynamicModeSettings
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

  /// `dmd` and `dmd-horizon`.
  mutating func answerWithModes() {
    guard steps >= settings.stepsNeeded else {
      distrust(.tooFewSteps(observed: steps, needed: settings.stepsNeeded), .dmd, .dmdHorizon)
      return
    }
    let decomposition: DynamicModeDecomposition
    do throws(FactorizationError) {
      decomposition = try DynamicModeDecomposition(
        of: hankelMatrix(
          trajectory: scaled, steps: steps, hyperparameters: hyperparameters,
          stacks: settings.stacks),
        rank: settings.rank, modes: settings.modes, amplitudes: settings.amplitudes)
    } catch {
      distrust(FallbackReason(error), .dmd, .dmdHorizon)
      return
    }
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

  /// `affine`.
  mutating func answerWithAffineMap() {
    guard steps >= 3 else {
      distrust(.tooFewSteps(observed: steps, needed: 3), .affine)
      return
    }
    do throws(FactorizationError) {
      let fixedPoint = try AffineFixedPoint(
        of: Matrix(rows: hyperparameters, columns: steps, elements: scaled), around: tailMean,
        settings: settings)
      if let estimate = fixedPoint.estimate { offer(estimate, .affine) }
      if let reason = fixedPoint.reason { distrust(reason, .affine) }
    } catch {
      distrust(FallbackReason(error), .affine)
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

  func steadyState(requested: Estimator) -> SteadyState {
    let answers = estimates.mapValues { $0.map { $0 * unit } }
    let fallback = reasons[requested]
    let used = fallback == nil ? requested : .tailMean
    return SteadyState(
      requested: requested, estimate: answers[used], used: used, fallback: fallback,
      estimates: answers, reasons: reasons, spectrum: spectrum)
  }
}
