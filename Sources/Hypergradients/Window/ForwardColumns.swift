import Differentiation
import Tensors

/// Trains with this rank's columns of ∂θ/∂φ alongside and reads hypergradients off them.
///
/// Forward mode: with the tangents of g_t from the problem and those of the step from the optimizer,
///
///     h_t = Z_tᵀ ∇θ L̃(θ_t)
///
/// needs one reverse pass over the validation set for all columns together. Columns do not depend on
/// each other, so a rank that owns none of them trains all the same.
/// All scratch memory is made at the start; a step allocates nothing.
public final class ForwardColumns<Problem: InnerProblem> {
  /// The precision of training.
  public typealias Number = Problem.Number

  /// The entries of φ that this rank owns.
  public let columns: Range<Int>

  private let problem: Problem
  private let optimizer: any InnerOptimizer
  private let anyRank: (Bool) -> Bool
  private let gradient: Jet<Number>
  private let scratch: Buffer<Number>
  private let lossHyperparameters: Jet<Number>
  private let clock = ContinuousClock()

  /// Makes room for the columns of a rank.
  ///
  /// - Parameters:
  ///   - problem: what is trained.
  ///   - optimizer: what trains it.
  ///   - hyperparameters: the layout of φ; its numbers may change later.
  ///   - columns: the entries of φ that this rank owns, within 0 ..< q; may be empty.
  ///   - anyRank: whether something holds on any rank; all ranks call it together. The default is for
  ///     a single one.
  public init(
    problem: Problem, optimizer: any InnerOptimizer, hyperparameters: Hyperparameters,
    columns: Range<Int>, anyRank: @escaping (Bool) -> Bool = { $0 }
  ) {
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= hyperparameters.count,
      "columns \(columns) of \(hyperparameters.count)")
    precondition(
      hyperparameters.loss.count == problem.lossHyperparameterCount,
      "\(hyperparameters.loss.count) hyperparameters for a loss with "
        + "\(problem.lossHyperparameterCount)")
    for name in optimizer.hyperparameterNames {
      precondition(hyperparameters[name] != nil, "\(name.rawValue) is missing")
    }
    self.problem = problem
    self.optimizer = optimizer
    self.columns = columns
    self.anyRank = anyRank
    gradient = Jet(count: problem.parameterCount, tangentCount: columns.count)
    scratch = Buffer(count: optimizer.scratchCount)
    lossHyperparameters = Jet(
      count: hyperparameters.loss.count, tangentCount: columns.count)
    let first = hyperparameters.tuned.count
    for (k, column) in columns.enumerated() where column >= first {
      lossHyperparameters.tangent(k)[column - first] = 1
    }
  }

  /// Takes some inner steps and observes the hypergradient after the last of them.
  ///
  /// The state's columns go on from where they are: set or scale them before. Training stops at a
  /// loss that is not finite; whether a hypergradient is finite only the one who sees all columns
  /// can say.
  ///
  /// - Parameters:
  ///   - state: with as many tangents as this rank has columns.
  ///   - steps: how many steps, at least 1.
  ///   - observed: after how many of them, the last ones, h is taken; may be 0.
  ///   - hyperparameters: φ, which stays where it is.
  /// - Returns: losses and hypergradients; the same outcome on all ranks unless the sums differ
  ///   between them.
  /// - Throws: what the problem throws.
  public func advance(
    _ state: inout TrainingState<Number>, steps: Int, observed: Int,
    hyperparameters: Hyperparameters
  ) throws -> Stretch {
    precondition(steps >= 1 && observed >= 0, "\(observed) observed of \(steps) steps")
    precondition(observed <= steps, "\(observed) observed of \(steps) steps")
    precondition(
      state.parameters.tangentCount == columns.count,
      "a state with \(state.parameters.tangentCount) tangents for \(columns.count) columns")
    let coefficients = InnerCoefficients(hyperparameters, columns: columns)
    for (i, number) in hyperparameters.loss.enumerated() {
      lossHyperparameters.primal[i] = Number(number)
    }
    var stretch = Stretch(firstStep: state.step + 1)
    stretch.losses.reserveCapacity(steps)
    stretch.observations.reserveCapacity(observed)
    stretch.hypergradients.reserveCapacity(observed * columns.count)

    for _ in 0..<steps - observed {
      try takeStep(&state, coefficients, &stretch)
      if stretch.outcome != .completed { break }
    }
    // The validation set is shared out over all ranks: none may stay away because its own loss,
    // summed in another order, overflowed first.
    let stopped = anyRank(stretch.outcome != .completed)
    if stopped {
      stretch.note(.trainingLoss, step: state.step, loss: stretch.losses.last ?? .nan)
      return stretch
    }
    for _ in 0..<observed {
      try takeStep(&state, coefficients, &stretch)
      try observe(state, &stretch)
      if let last = stretch.observations.last, !last.evaluation.loss.isFinite { break }
    }
    return stretch
  }

  private func takeStep(
    _ state: inout TrainingState<Number>, _ coefficients: InnerCoefficients,
    _ stretch: inout Stretch
  ) throws {
    let start = clock.now
    let loss = try problem.trainingGradient(
      step: state.step, parameters: state.parameters, hyperparameters: lossHyperparameters,
      gradient: gradient)
    state.step += 1
    stretch.losses.append(loss)
    if loss.isFinite {
      optimizer.step(
        state.step, parameters: state.parameters, state: state.optimizer, gradient: gradient,
        coefficients: coefficients, scratch: scratch)
    } else {
      stretch.note(.trainingLoss, step: state.step, loss: loss)
    }
    stretch.trainingSeconds += (clock.now - start).inSeconds
  }

  private func observe(_ state: TrainingState<Number>, _ stretch: inout Stretch) throws {
    let start = clock.now
    // The training gradient has been used up by the step; its place serves for ∇θ L̃.
    let evaluation = try problem.validationGradient(
      parameters: state.primal, gradient: gradient.primal)
    stretch.observations.append(.init(step: state.step, evaluation: evaluation))
    for k in columns.indices {
      let column =
        state.parameters.storage.pointer
        + (1 + k - columns.lowerBound) * state.parameters.stride
      stretch.hypergradients.append(
        orderedProduct(column, gradient.storage.pointer, count: state.parameters.count))
    }
    if !evaluation.loss.isFinite {
      stretch.note(.validationLoss, step: state.step, loss: evaluation.loss)
    }
    stretch.validationSeconds += (clock.now - start).inSeconds
  }
}

extension Stretch {
  /// Remembers the first divergence and none after it.
  mutating func note(_ quantity: Divergence.Quantity, step: Int, loss: Double) {
    guard outcome == .completed else { return }
    outcome = .diverged(Divergence(step: step, quantity: quantity, loss: loss))
  }
}
