import Datasets
import Differentiation
import Hypergradients
import MessagePassing
import Networks
import Tensors
import TestSupport
import Testing

@testable import Learning

/// Running statistics: part of the state, measured by minibatches, without derivatives.
@Suite("Running statistics") struct RunningStatisticsTests {
  private static let inputs = 4

  /// A batch normalisation of the examples themselves, so that what it measures does not depend on
  /// parameters, then a linear layer.
  struct NormalizedLine: Model {
    let name = "normalised line"
    let parameters: ParameterLayout

    init(inputs: Int) {
      var layout = ParameterLayout()
      layout.append("norm.weight", [inputs], initial: .constant(1))
      layout.append("norm.bias", [inputs], initial: .constant(0))
      layout.append("weight", [1, inputs], fanIn: inputs)
      layout.append("bias", [1], fanIn: inputs)
      layout.appendStatistic("norm.running_mean", [inputs], initial: 0, momentum: 0.75)
      layout.appendStatistic("norm.running_var", [inputs], initial: 1, momentum: 0.75)
      parameters = layout
    }

    func record<Number: Scalar>(
      _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
      on tape: Tape<Number>
    ) -> ModelOutputs<Number> {
      let x = tape.batchNormalized(
        fields.numbers("x"), weight: parameters["norm.weight"], bias: parameters["norm.bias"],
        runningMean: parameters["norm.running_mean"],
        runningVariance: parameters["norm.running_var"])
      let answer = tape.adding(
        bias: parameters["bias"], to: tape.matrixProduct(x, transposed: parameters["weight"]))
      return ModelOutputs(losses: tape.squaredError(answer, fields.numbers("y")))
    }
  }

  private static let training = RegressionTests.Rows(count: 24, inputs: inputs, seed: 1)

  private func problem(shard: Int) throws -> ShardedProblem<Double> {
    ShardedProblem<Double>(
      NormalizedLine(inputs: Self.inputs),
      examples: SplitExamples(
        training: Self.training,
        validation: RegressionTests.Rows(count: 11, inputs: Self.inputs, seed: 2),
        test: RegressionTests.Rows(count: 9, inputs: Self.inputs, seed: 3)),
      schedule: try MinibatchSchedule(order: .sequential, count: 24, batch: 10, seed: 7),
      shard: shard, grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: .reproducible)
  }

  private let hyperparameters = Hyperparameters([
    Hyperparameter(.learningRate, tunedFrom: -3, .sigmoid),
    Hyperparameter(.momentum, tunedFrom: 0.5, .sigmoid),
    Hyperparameter(.weightDecay, tunedFrom: -2, .sigmoid),
  ])

  private func start(_ problem: ShardedProblem<Double>, tangents: Int) -> TrainingState<Double> {
    let state = TrainingState<Double>(
      parameterCount: problem.parameterCount, optimizer: InnerOptimizerKind.sgd.optimizer,
      tangentCount: tangents)
    let theta: [Double] = NormalizedLine(inputs: Self.inputs).parameters.initialParameters(
      seed: 1, as: Double.self)
    for (i, number) in theta.enumerated() { state.parameters.primal[i] = number }
    return state
  }

  private func trained(
    shard: Int, steps: Int, optimizer: InnerOptimizerKind = .sgd
  ) throws -> (theta: [Double], h: [Double]) {
    let problem = try problem(shard: shard)
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: optimizer.optimizer, hyperparameters: hyperparameters),
      columns: 0..<3)
    var state = start(problem, tangents: 3)
    let h = try forward.advance(
      &state, steps: steps, observed: 2, hyperparameters: hyperparameters
    ).hypergradients
    for k in 0..<3 {
      #expect(state.parameters.tangent(k).suffix(8).allSatisfy { $0 == 0 }, "they have no columns")
    }
    return (Array(state.parameters.primal), h)
  }

  /// r ← ¾ r + ¼ s over the minibatches met, where s is the mean over the shards of their own
  /// statistics, weighted by their examples.
  private func expected(shard: Int, steps: Int) -> (mean: [Double], variance: [Double]) {
    var mean = [Double](repeating: 0, count: Self.inputs)
    var variance = [Double](repeating: 1, count: Self.inputs)
    for step in 0..<steps {
      let batch = (0..<10).map { Self.training.x[(10 * step + $0) % 24] }
      for i in 0..<Self.inputs {
        var (mu, sigma) = (0.0, 0.0)
        for first in stride(from: 0, to: 10, by: shard) {
          let x = batch[first..<min(10, first + shard)].map { $0[i] }
          let centre = x.reduce(0, +) / Double(x.count)
          mu += centre * Double(x.count) / 10
          let squares = x.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
          sigma += squares / Double(x.count - 1) * Double(x.count) / 10
        }
        mean[i] = 0.75 * mean[i] + 0.25 * mu
        variance[i] = 0.75 * variance[i] + 0.25 * sigma
      }
    }
    return (mean, variance)
  }

  @Test("follow the minibatches, whole or in shards", arguments: [10, 5])
  func followTheMinibatches(shard: Int) throws {
    let theta = try trained(shard: shard, steps: 5).theta
    let (mean, variance) = expected(shard: shard, steps: 5)
    for i in 0..<Self.inputs {
      #expect(abs(theta[theta.count - 8 + i] - mean[i]) <= 1e-14)
      #expect(abs(theta[theta.count - 4 + i] - variance[i]) <= 1e-14)
    }
  }

  @Test("are left alone by every optimizer", arguments: InnerOptimizerKind.allCases)
  func optimizersLeaveThemAlone(_ kind: InnerOptimizerKind) throws {
    let problem = try problem(shard: 5)
    let names = kind.optimizer.hyperparameterNames
    let hyperparameters = Hyperparameters(
      names.map { Hyperparameter($0, tunedFrom: -2, .sigmoid) })
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: hyperparameters),
      columns: 0..<0)
    var state = TrainingState<Double>(
      parameterCount: problem.parameterCount, optimizer: kind.optimizer, tangentCount: 0)
    for i in 0..<problem.parameterCount { state.parameters.primal[i] = 1 }
    for i in problem.parameterCount - 8..<problem.parameterCount - 4 {
      state.parameters.primal[i] = 0
    }
    _ = try forward.advance(&state, steps: 5, observed: 0, hyperparameters: hyperparameters)
    let mean = expected(shard: 5, steps: 5).mean
    for i in 0..<Self.inputs {
      #expect(abs(state.parameters.primal[problem.parameterCount - 8 + i] - mean[i]) <= 1e-14)
    }
  }

  @Test("are the same in reverse mode, recomputed or not", arguments: [Int.max, 1500])
  func reverseModeAgrees(memory: Int) throws {
    let forward = try trained(shard: 5, steps: 6)
    let problem = try problem(shard: 5)
    let training = InnerTraining(
      problem, optimizer: InnerOptimizerKind.sgd.optimizer, hyperparameters: hyperparameters)
    let reverse = ReverseAdjoints(training, observed: 2, memoryLimit: memory)
    var state = start(problem, tangents: 0)
    reverse.restart(state, carry: 0, steps: 6)
    #expect(reverse.plan(steps: 6).recomputes == (memory == 1500))
    let h = try reverse.advance(
      &state, steps: 6, observed: 2, hyperparameters: hyperparameters
    ).hypergradients
    #expect(Array(state.parameters.primal) == forward.theta)
    #expect(h.count == 6 && forward.h.count == 6)
    // Rows come from the last one on.
    for (one, other) in zip(h[3...] + h[..<3], forward.h) {
      #expect(abs(one - other) <= 1e-13 + 1e-11 * abs(other))
    }
  }
}
