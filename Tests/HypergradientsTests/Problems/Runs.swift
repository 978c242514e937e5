import DynamicModes
import Hypergradients
import Tensors

/// A run of a perceptron, as the tests of the methods need it.
func run(
  _ settings: TuningSettings, kind: InnerOptimizerKind = .sgd,
  tuned: Set<HyperparameterName> = [.learningRate, .momentum, .weightDecay, .beta1, .epsilon],
  learningRate: Double? = nil, groups: Int = 0,
  outer: OuterOptimizer = .adam(learningRate: 0.1),
  estimation: any LimitEstimation = TailEstimation(tail: 5),
  coordinator: any Coordinator = SingleRank()
) throws -> Tuner<PerceptronProblem<Double>> {
  let problem = PerceptronProblem<Double>(groups: groups)
  let all = try hyperparameters(
    kind, tuned: tuned, learningRate: learningRate,
    loss: (0..<groups).map { 0.1 * Double($0) })
  return Tuner(
    problem: problem, initialParameters: problem.initialParameters, inner: kind.optimizer,
    hyperparameters: all, outer: outer, settings: settings, estimation: estimation,
    coordinator: coordinator)
}

extension Tuner {
  /// All windows to the end.
  func finish() throws -> [WindowRecord] {
    var records: [WindowRecord] = []
    while let record = try nextWindow() { records.append(record) }
    return records
  }

  /// A state of its own at the same place, with columns at zero.
  func copyOfTraining(_ kind: InnerOptimizerKind, columns: Int) -> TrainingState<Number> {
    var copy = TrainingState<Number>(
      parameterCount: state.training.parameters.count, optimizer: kind.optimizer,
      tangentCount: columns)
    copy.step = state.training.step
    let pairs = zip(
      [copy.parameters] + copy.optimizer, [state.training.parameters] + state.training.optimizer)
    for (to, from) in pairs {
      to.storage.pointer.update(from: from.storage.pointer, count: from.count)
    }
    return copy
  }
}

/// An estimation that remembers what it was asked and answers with a fixed vector.
final class RecordingEstimation: LimitEstimation {
  struct Question: Equatable {
    var trajectory: [Double]
    var steps: Int
    var count: Int
    var requested: Estimator
    var horizon: Int
  }

  private(set) var questions: [Question] = []
  let answer: [Double]

  init(answer: [Double]) { self.answer = answer }

  func limit(
    of trajectory: [Double], steps: Int, count: Int, requested: Estimator, horizon: Int
  ) -> LimitEstimate {
    questions.append(
      Question(
        trajectory: trajectory, steps: steps, count: count, requested: requested,
        horizon: horizon))
    return LimitEstimate(
      estimates: [requested: answer], used: requested,
      modes: Spectrum(
        modes: [.init(real: 0.9, imaginary: 0, amplitude: 1, isSteady: false)],
        spectralRadius: 0.9, rank: 1, relativeResidual: 0.1, eigenbasisCondition: 1,
        singularValues: [1])
    )
  }
}
