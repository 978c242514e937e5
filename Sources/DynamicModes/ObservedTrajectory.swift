/// A window's hypergradients, scaled for the estimators by the largest number.
final class ObservedTrajectory {
  /// A power of two, so division by it is exact and squares can neither overflow nor underflow.
  let unit: Double
  /// h_t in column t, q × σ.
  let states: Matrix
  let settings: DynamicModeSettings
  /// n, the number of inner steps after the window's end.
  let horizon: Int
  let tailMean: [Double]
  /// max ‖h_t‖, the unit of the cap.
  private let scale: Double
  /// The modes, independent of the tolerance, or why there are none.
  private(set) lazy var modes = decompose()

  /// - Parameter trajectory: h_t in row t, all finite.
  init(
    _ trajectory: [Double], steps: Int, hyperparameters q: Int, settings: DynamicModeSettings,
    horizon: Int
  ) {
    let largest = trajectory.reduce(0) { max($0, abs($1)) }
    let unit =
      largest > 0
      ? Double(sign: .plus, exponent: Int(largest.exponent), significand: 1) : 1
    let states = Matrix(rows: q, columns: steps, elements: trajectory.map { $0 / unit })
    self.unit = unit
    self.states = states
    self.settings = settings
    self.horizon = horizon
    tailMean = states.columns(steps - min(settings.stacks, steps)..<steps).meanColumn
    scale = (0..<steps).reduce(0) { max($0, euclideanNorm(states.column($1))) }
  }

  /// σ.
  var steps: Int { states.columns }

  /// The rows of a Hankel column that hold its last state.
  var lastRows: Range<Int> {
    let height = settings.stacks * states.rows
    return height - states.rows..<height
  }

  /// An answer after the checks that apply to every extrapolating estimator.
  func guarded(_ estimate: [Double]) -> EstimatorAnswer {
    guard estimate.allSatisfy({ ($0 * unit).isFinite }) else {
      return EstimatorAnswer(reason: .estimateNotFinite)
    }
    let distance = euclideanNorm(zip(estimate, tailMean).map { $0 - $1 })
    return EstimatorAnswer(
      estimate: estimate,
      reason: distance <= settings.cap * scale
        ? nil : .beyondCap(distance: distance / scale, cap: settings.cap))
  }

  /// Reads an answer off the modes; its reason says if they are missing or not trusted.
  func answer(_ read: (DynamicModeDecomposition) -> EstimatorAnswer) -> EstimatorAnswer {
    switch modes {
    case .failure(let miss): return EstimatorAnswer(reason: miss.reason)
    case .success(let decomposition):
      guard decomposition.rank > 0 else { return EstimatorAnswer(reason: .rankZero) }
      var answer = read(decomposition)
      let condition = decomposition.eigenbasisCondition
      if !(condition <= settings.conditionLimit) {
        answer.reason = .illConditionedEigenbasis(
          condition: condition, limit: settings.conditionLimit)
      }
      return answer
    }
  }

  private func decompose() -> Result<DynamicModeDecomposition, ModesMissing> {
    guard steps >= settings.stepsNeeded else {
      return .failure(.init(reason: .tooFewSteps(observed: steps, needed: settings.stepsNeeded)))
    }
    do throws(FactorizationError) {
      return .success(
        try DynamicModeDecomposition(
          of: hankelMatrix(
            trajectory: states.elements, steps: steps, hyperparameters: states.rows,
            stacks: settings.stacks),
          rank: settings.rank, modes: settings.modes, amplitudes: settings.amplitudes))
    } catch {
      return .failure(.init(reason: FallbackReason(error)))
    }
  }
}

/// Wraps a reason as an error, so that a `Result` can hold it.
struct ModesMissing: Error {
  let reason: FallbackReason
}
