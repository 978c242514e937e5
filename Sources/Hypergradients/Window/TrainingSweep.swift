import Differentiation
import Tensors

/// Inner steps one after another, with the validation gradient after the last of them.
///
/// What both directions of differentiation have in common. All scratch memory is made at the start; a
/// step allocates nothing.
final class TrainingSweep<Problem: InnerProblem> {
  typealias Number = Problem.Number

  let training: InnerTraining<Problem>
  let scratch: Buffer<Number>
  private let clock = ContinuousClock()

  init(_ training: InnerTraining<Problem>) {
    self.training = training
    scratch = Buffer(count: training.optimizer.scratchCount)
  }

  /// What a step is given.
  struct Step {
    let coefficients: InnerCoefficients
    let loss: LossHyperparameters
    /// Room for the gradient; serves for ∇θ L̃ as well.
    let gradient: Jet<Number>
  }

  /// Takes `steps` steps; after each of the last `observed`, `observe` sees ∇θ L̃ in the gradient's
  /// place and the state.
  ///
  /// - Parameters:
  ///   - checksRanks: false where the steps are known to go well.
  ///   - willStep: called with the gradient at hand, before the optimizer uses it up.
  /// - Throws: `TuningInterruption`, and what the problem throws.
  func run(
    _ state: inout TrainingState<Number>, steps: Int, observed: Int, _ step: Step,
    checksRanks: Bool = true, willStep: (TrainingState<Number>) -> Void = { _ in },
    observe: (TrainingState<Number>, inout Stretch) -> Void
  ) throws -> Stretch {
    precondition(steps >= 1 && observed >= 0, "\(observed) observed of \(steps) steps")
    precondition(observed <= steps, "\(observed) observed of \(steps) steps")
    var stretch = Stretch(firstStep: state.step + 1)
    stretch.losses.reserveCapacity(steps)
    stretch.observations.reserveCapacity(observed)
    for _ in 0..<steps - observed {
      // Also after a divergence that this rank alone has seen: the others go on asking.
      try leaveIfAsked(at: .step)
      if stretch.outcome == .completed { try takeStep(&state, step, &stretch, willStep) }
    }
    // The validation set is shared out over all ranks: none may stay away because its own loss,
    // summed in another order, overflowed first.
    let hasStopped = stretch.outcome != .completed
    let stopped = checksRanks ? training.coordinator.anyRank(hasStopped) : hasStopped
    if stopped {
      stretch.note(.trainingLoss, step: state.step, loss: stretch.losses.last ?? .nan)
      return stretch
    }
    for _ in 0..<observed {
      try leaveIfAsked(at: .observation)
      try takeStep(&state, step, &stretch, willStep)
      let start = clock.now
      // The training gradient has been used up by the step; its place serves for ∇θ L̃.
      let evaluation = try training.problem.validationGradient(
        parameters: state.primal, gradient: step.gradient.primal)
      stretch.observations.append(.init(step: state.step, evaluation: evaluation))
      observe(state, &stretch)
      if !evaluation.loss.isFinite {
        stretch.note(.validationLoss, step: state.step, loss: evaluation.loss)
      }
      stretch.seconds.validation += (clock.now - start).inSeconds
      if !evaluation.loss.isFinite { break }
    }
    return stretch
  }

  /// A collective of all ranks.
  ///
  /// - Throws: `TuningInterruption` when training is to stop here.
  func leaveIfAsked(at point: SafePoint) throws(TuningInterruption) {
    if training.shouldStop?(point) == true { throw TuningInterruption() }
  }

  private func takeStep(
    _ state: inout TrainingState<Number>, _ step: Step, _ stretch: inout Stretch,
    _ willStep: (TrainingState<Number>) -> Void
  ) throws {
    let start = clock.now
    let loss = try training.problem.trainingGradient(
      step: state.step, parameters: state.parameters, hyperparameters: step.loss,
      gradient: step.gradient)
    let coefficients = training.schedule.coefficients(step.coefficients, step: state.step)
    state.step += 1
    stretch.losses.append(loss)
    if loss.isFinite {
      willStep(state)
      training.optimizer.step(
        state.step, parameters: state.parameters, state: state.optimizer,
        gradient: step.gradient, coefficients: coefficients, scratch: scratch)
    } else {
      stretch.note(.trainingLoss, step: state.step, loss: loss)
    }
    stretch.seconds.training += (clock.now - start).inSeconds
  }
}

extension Stretch {
  /// Remembers the first divergence and none after it.
  mutating func note(_ quantity: Divergence.Quantity, step: Int, loss: Double) {
    guard outcome == .completed else { return }
    outcome = .diverged(Divergence(step: step, quantity: quantity, loss: loss))
  }
}
