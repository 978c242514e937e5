import Hypergradients
import Testing

/// Hypergradients of a whole window against differences of whole trainings.
struct WindowTests {
  /// Every optimizer with all its hyperparameters tuned, then with subsets.
  static let cases: [(InnerOptimizerKind, Set<HyperparameterName>)] = [
    (.sgd, [.learningRate, .momentum, .weightDecay]),
    (.sgd, [.learningRate]),
    (.sgd, [.momentum, .weightDecay]),
    (.adam, [.learningRate, .beta1, .beta2, .epsilon, .weightDecay]),
    (.adam, [.beta2]),
    (.adam, [.learningRate, .epsilon]),
  ]

  /// The differences are good to 1e-8, or to 1e-12 of the loss where no column is below 1e-5 of it:
  /// see there.
  let tolerance = 1e-7

  @Test(arguments: cases)
  func perceptron(kind: InnerOptimizerKind, tuned: Set<HyperparameterName>) throws {
    let problem = PerceptronProblem<Double>()
    try check(problem, kind, problem.initialParameters, try hyperparameters(kind, tuned: tuned))
  }

  @Test(arguments: cases)
  func quadratic(kind: InnerOptimizerKind, tuned: Set<HyperparameterName>) throws {
    let problem = QuadraticProblem<Double>(parameterCount: 6)
    let parameters = (0..<6).map { 0.3 * Double($0) - 1 }
    try check(problem, kind, parameters, try hyperparameters(kind, tuned: tuned))
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func lossHyperparameters(kind: InnerOptimizerKind) throws {
    let problem = PerceptronProblem<Double>(groups: 3)
    try check(
      problem, kind, problem.initialParameters,
      try hyperparameters(kind, tuned: [.learningRate, .weightDecay], loss: [0.2, -0.4, 0.1]))
  }

  private func check<Problem: InnerProblem>(
    _ problem: Problem, _ kind: InnerOptimizerKind, _ parameters: [Double],
    _ hyperparameters: Hyperparameters
  ) throws where Problem.Number == Double {
    let q = hyperparameters.count
    let steps = 12
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: hyperparameters),
      columns: 0..<q)
    var state = start(problem, kind, from: parameters, columns: q)
    let stretch = try forward.advance(
      &state, steps: steps, observed: steps, hyperparameters: hyperparameters)
    #expect(stretch.outcome == .completed)
    #expect(stretch.observations.map(\.step) == Array(1...steps))

    let expected = try differences(
      problem, kind, from: parameters, hyperparameters, steps: steps)
    for j in 0..<q {
      let largest = stride(from: j, to: expected.count, by: q).reduce(0) {
        max($0, abs(expected[$1]))
      }
      #expect(largest >= 1e-5, "column \(hyperparameters.columnNames[j]) tests nothing")
    }
    #expect(columnError(stretch.hypergradients, expected, columns: q) <= tolerance)
  }
}
