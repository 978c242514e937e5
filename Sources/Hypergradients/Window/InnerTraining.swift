import Differentiation
import Tensors

/// What trains: a problem, its optimizer, the layout of φ, the schedule, and the ranks that share the
/// work.
public struct InnerTraining<Problem: InnerProblem> {
  /// What is trained.
  public let problem: Problem
  /// What trains it.
  public let optimizer: any InnerOptimizer
  /// The layout of φ, and where it starts; its numbers may change later.
  public let hyperparameters: Hyperparameters
  /// What the learning rate of each step is multiplied by.
  public let schedule: RateSchedule
  /// How the ranks come together.
  public let coordinator: any Coordinator
  /// Whether to leave training by a `TuningInterruption`; nil when nobody will ask for it.
  public let shouldStop: StopQuestion?

  /// What trains; by default a single rank, which nobody stops.
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

  /// The columns of the forward mode: the optimizer's tuned hyperparameters, then the loss's.
  public var columnCount: Int { hyperparameters.tuned.count + problem.lossColumnCount }

  /// The columns that this rank owns.
  var ownColumns: Range<Int> { coordinator.columns(of: columnCount) }

  /// A state before the first step, θ still to be written.
  func state(tangentCount: Int) -> TrainingState<Problem.Number> {
    TrainingState(
      parameterCount: problem.parameterCount, optimizer: optimizer, tangentCount: tangentCount)
  }
}
