import Differentiation
import Tensors

/// Trains normally and computes, at a window's end, how the stationary point of training depends on
/// φ.
///
/// Implicit differentiation: where training has converged, G(θ, φ) = 0 gives
///
///     h = −(∂G/∂φ)ᵀ x,    (∂G/∂θ)ᵀ x = ∇θ L̃
///
/// regardless of the path taken, so no trajectory is stored. All products come from the reverse
/// mode's adjoint pass. The one-step solver solves no system: it is reverse mode over the window's
/// last step.
final class ImplicitHypergradients<Problem: InnerProblem>: HypergradientSource {
  typealias Number = Problem.Number

  let mode = DifferentiationMode.implicit
  let origin: TrainingOrigin<Number>? = nil
  private let sweep: TrainingSweep<Problem>
  private let gradient: Jet<Number>
  private let solution: ImplicitSolution<Problem>?
  private let lastStep: ReverseAdjoints<Problem>?
  private let clock = ContinuousClock()

  init(_ training: InnerTraining<Problem>, _ settings: ImplicitSettings) {
    for hyperparameter in training.hyperparameters.tuned {
      precondition(
        settings.tunes(hyperparameter.name, of: training.optimizer),
        "\(hyperparameter.columnName) cannot be tuned by \(settings.solver.rawValue)")
    }
    sweep = TrainingSweep(training)
    gradient = Jet(count: training.problem.parameterCount, tangentCount: 0)
    let isOneStep = settings.solver == .oneStep
    solution = isOneStep ? nil : ImplicitSolution(training, settings)
    lastStep = isOneStep ? ReverseAdjoints(training, observed: 1, memoryLimit: Int.max) : nil
  }

  private var training: InnerTraining<Problem> { sweep.training }

  /// Does nothing: there is no history to clear.
  func restart(_ state: TrainingState<Number>, carry: Double, steps: Int) {}

  /// Takes some inner steps; if one is observed, it is the last, and h is computed there.
  func advance(
    _ state: inout TrainingState<Number>, steps: Int, observed: Int,
    hyperparameters: Hyperparameters
  ) throws -> Stretch {
    precondition(observed <= 1, "\(observed) hypergradients of a method that has one a window")
    if let lastStep, observed == 1 {
      return try advance(&state, steps: steps, lastStep, hyperparameters)
    }
    var stretch = try train(&state, steps: steps, observed: observed, hyperparameters)
    guard observed == 1, let solution,
      !training.coordinator.anyRank(stretch.outcome != .completed)
    else { return stretch }
    let start = clock.now
    let mixed = try solution.mixed(state, hyperparameters) { [sweep] in
      try sweep.leaveIfAsked(at: .wayBack)
    }
    // The single row belongs to the first column group; any others have done the same work.
    if !training.coordinator.rows(of: 1).isEmpty { stretch.hypergradients = mixed.map { -$0 } }
    stretch.seconds.training += (clock.now - start).inSeconds
    return stretch
  }

  private func train(
    _ state: inout TrainingState<Number>, steps: Int, observed: Int,
    _ hyperparameters: Hyperparameters
  ) throws -> Stretch {
    let step = TrainingSweep<Problem>.Step(
      coefficients: InnerCoefficients(
        hyperparameters, columns: 0..<0, layers: training.problem.layers),
      loss: LossHyperparameters(hyperparameters.loss, .columns([])), gradient: gradient)
    return try sweep.run(&state, steps: steps, observed: observed, step) { [solution] _, _ in
      solution?.target.pointer.update(from: gradient.storage.pointer, count: gradient.count)
    }
  }

  private func advance(
    _ state: inout TrainingState<Number>, steps: Int, _ lastStep: ReverseAdjoints<Problem>,
    _ hyperparameters: Hyperparameters
  ) throws -> Stretch {
    var before: Stretch?
    if steps > 1 {
      let stretch = try train(&state, steps: steps - 1, observed: 0, hyperparameters)
      if training.coordinator.anyRank(stretch.outcome != .completed) { return stretch }
      before = stretch
    }
    lastStep.restart(state, carry: 0, steps: 1)
    let last = try lastStep.advance(
      &state, steps: 1, observed: 1, hyperparameters: hyperparameters)
    return before.map { $0.followed(by: last) } ?? last
  }
}
