import Differentiation
import Tensors

/// The parts of an inner training: a problem, its optimizer, the layout of φ, the learning rate
/// schedule, and the ranks that share the work.
public struct InnerTraining<Problem: InnerProblem> {
  /// The problem to train.
  public let problem: Problem
  /// The optimizer that trains it.
  public let optimizer: any InnerOptimizer
  /// The layout of φ and its starting values, which may change later.
  public let hyperparameters: Hyperparameters
  /// The learning rate schedule.
  public let schedule: RateSchedule
  /// The communication between ranks.
  public let coordinator: any Coordinator
  /// Asked whether to leave training with a `TuningInterruption`; nil if nobody will ask for it.
  public let shouldStop: StopQuestion?

  /// Creates a training; by default on a single rank and without interruptions.
  public init(
    _ problem: Problem, optimizer: any InnerOptimizer, hyperparameters: Hyperparameters,
    schedule: RateSchedule = RateSchedule(), coordinator: any Coordinator = SingleRank(),
    shouldStop: StopQuestion? = nil
  ) {
    precondition(
      hyperparameters.loss.count == problem.lossHyperparameterCount,
      "\(hyperparameters.loss.count) hyperparameters for a loss with "
        + "\(problem.lossHyperparameterCount)")
    for name in optimizer.hyperparameterNames {
      precondition(hyperparameters[name] != nil, "\(name.rawValue) is missing")
    }
    self.problem = problem
    self.optimizer = optimizer
    self.hyperparameters = hyperparameters
    self.schedule = schedule
    self.coordinator = coordinator
    self.shouldStop = shouldStop
  }

  /// The number of forward-mode columns: the optimizer's tuned hyperparameters, then the loss's.
  public var columnCount: Int { hyperparameters.tuned.count + problem.lossColumnCount }

  /// The columns that this rank owns.
  var ownColumns: Range<Int> { coordinator.columns(of: columnCount) }

  /// A state before the first step; θ is not initialised.
  func state(tangentCount: Int) -> TrainingState<Problem.Number> {
    TrainingState(
      parameterCount: problem.parameterCount, optimizer: optimizer, tangentCount: tangentCount)
  }
}
