import Differentiation
import Tensors

/// Consecutive inner steps, with the validation gradient after the last of them.
///
/// Shared by both directions of differentiation. All scratch memory is allocated up front; a step
/// allocates nothing.
final class TrainingSweep<Problem: InnerProblem> {
  typealias Number = Problem.Number

  let training: InnerTraining<Problem>
  let scratch: Buffer<Number>
  /// What running statistics are after the step, and their places.
  private let statistics: [(rule: RunningStatistics, next: Buffer<Number>)]
  private let clock = ContinuousClock()

  init(_ training: InnerTraining<Problem>) {
    self.training = training
    scratch = Buffer(count: training.optimizer.scratchCount)
    statistics = training.problem.statistics.map { ($0, Buffer(count: $0.range.count)) }
  }

  /// The inputs of a step.
  struct Step {
    let coefficients: InnerCoefficients
    let loss: LossHyperparameters
    /// Memory for the gradient, reused for ∇θ L̃.
    let gradient: Jet<Number>
  }

  /// Takes `steps` steps; after each of the last `observed`, calls `observe` with the state, when
  /// `gradient` holds ∇θ L̃.
  ///
  /// - Parameters:
  ///   - checksRanks: false if the steps are known not to diverge.
  ///   - willStep: called while the gradient is valid, before the optimizer consumes it.
  /// - Throws: `TuningInterruption`; errors of the problem.
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
      // Even after a divergence seen by this rank alone: the other ranks keep asking.
      try leaveIfAsked(at: .step)
      if stretch.outcome == .completed { try takeStep(&state, step, &stretch, willStep) }
    }
    // The validation set is spread over all ranks, so none may drop out because its own loss,
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
      // The step has consumed the training gradient; its memory is reused for ∇θ L̃.
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

  /// Called collectively by all ranks.
  ///
  /// - Throws: `TuningInterruption` if training is to stop here.
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
      measure(state.parameters, gradient: step.gradient)
      willStep(state)
      training.optimizer.step(
        state.step, parameters: state.parameters, state: state.optimizer,
        gradient: step.gradient, coefficients: coefficients, scratch: scratch)
      setStatistics(of: state)
    } else {
      stretch.note(.trainingLoss, step: state.step, loss: loss)
    }
    stretch.seconds.training += (clock.now - start).inSeconds
  }
}

// Running statistics.
extension TrainingSweep {
  /// Takes what was measured out of the gradient, so that nothing of it reaches the optimizer.
  private func measure(_ parameters: Jet<Number>, gradient: Jet<Number>) {
    for (rule, next) in statistics {
      let (kept, start) = (Number(rule.momentum), rule.range.lowerBound)
      let (now, measured) = (
        parameters.storage.pointer + start, gradient.storage.pointer + start
      )
      for i in 0..<rule.range.count {
        next.pointer[i] = kept * now[i] + (1 - kept) * measured[i]
        measured[i] = 0
      }
    }
  }

  /// Sets them, whatever the optimizer made of their places.
  private func setStatistics(of state: TrainingState<Number>) {
    for (rule, next) in statistics {
      for jet in state.jets {
        for vector in 0...jet.tangentCount {
          Elementwise.fill(
            jet.storage.pointer + vector * jet.stride + rule.range.lowerBound,
            count: rule.range.count, with: 0)
        }
      }
      (state.parameters.storage.pointer + rule.range.lowerBound).update(
        from: next.pointer, count: rule.range.count)
    }
  }
}

extension Stretch {
  /// Records the first divergence and ignores later ones.
  mutating func note(_ quantity: Divergence.Quantity, step: Int, loss: Double) {
    guard outcome == .completed else { return }
    outcome = .diverged(Divergence(step: step, quantity: quantity, loss: loss))
  }
}
