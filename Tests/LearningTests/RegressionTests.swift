import Datasets
import Differentiation
import Hypergradients
import MessagePassing
import Networks
import Tensors
import TestSupport
import Testing

@testable import Learning

/// Ridge regression: no image, no class, no metric; what a user's own model looks like.
@Suite("A model of one's own") struct RegressionTests {
  /// x ↦ wx + b with the squared error.
  struct Line: Model {
    let name = "line"
    let parameters: ParameterLayout

    init(inputs: Int) {
      var layout = ParameterLayout()
      layout.append("weight", [1, inputs], fanIn: inputs)
      layout.append("bias", [1], fanIn: inputs)
      parameters = layout
    }

    func record<Number: Scalar>(
      _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
      on tape: Tape<Number>
    ) -> ModelOutputs<Number> {
      let product = tape.matrixProduct(fields.numbers("x"), transposed: parameters["weight"])
      let answer = tape.adding(bias: parameters["bias"], to: product)
      return ModelOutputs(losses: tape.squaredError(answer, fields.numbers("y")))
    }
  }

  /// Rows of numbers with one number each to be told from them.
  struct Rows: Examples {
    let x: [[Double]]
    let y: [Double]

    init(count: Int, inputs: Int, seed: UInt64) {
      var random = SplitMix(seed: seed)
      x = (0..<count).map { _ in
        (0..<inputs).map { _ in Double.random(in: -1...1, using: &random) }
      }
      y = x.map { row in
        let sum = row.enumerated().reduce(0.5) { $0 + Double($1.offset + 1) * $1.element }
        return sum + Double.random(in: -0.3...0.3, using: &random)
      }
    }

    var count: Int { y.count }
    var fields: [ExampleField] {
      [ExampleField("x", .numbers([x[0].count])), ExampleField("y", .numbers([1]))]
    }

    func load<Number: Scalar>(
      _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
    ) {
      let (inputs, targets) = (fields.numbers("x"), fields.numbers("y"))
      for (place, index) in indices.enumerated() {
        for (i, number) in x[index].enumerated() {
          inputs.value[place * x[index].count + i] = Number(number)
        }
        targets.value[place] = Number(y[index])
      }
    }
  }

  private static let inputs = 4

  private func problem() throws -> ShardedProblem<Double> {
    ShardedProblem<Double>(
      Line(inputs: Self.inputs),
      examples: SplitExamples(
        training: Rows(count: 24, inputs: Self.inputs, seed: 1),
        validation: Rows(count: 11, inputs: Self.inputs, seed: 2),
        test: Rows(count: 9, inputs: Self.inputs, seed: 3)),
      schedule: try MinibatchSchedule(order: .shuffled, count: 24, batch: 10, seed: 7), shard: 4,
      grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: .reproducible)
  }

  private func hyperparameters(_ shift: [Double] = [0, 0, 0]) -> Hyperparameters {
    Hyperparameters([
      Hyperparameter(.learningRate, tunedFrom: -3 + shift[0], .sigmoid),
      Hyperparameter(.momentum, tunedFrom: 0.5 + shift[1], .sigmoid),
      Hyperparameter(.weightDecay, tunedFrom: -2 + shift[2], .sigmoid),
    ])
  }

  private func window(_ hyperparameters: Hyperparameters) throws -> (loss: Double, h: [Double]) {
    let problem = try problem()
    let optimizer = InnerOptimizerKind.sgd.optimizer
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: optimizer, hyperparameters: hyperparameters), columns: 0..<3
    )
    var state = TrainingState<Double>(
      parameterCount: problem.parameterCount, optimizer: optimizer, tangentCount: 3)
    for i in 0..<problem.parameterCount { state.parameters.primal[i] = 0.1 * Double(i + 1) }
    let stretch = try forward.advance(
      &state, steps: 6, observed: 1, hyperparameters: hyperparameters)
    return (try #require(stretch.observations.last).evaluation.loss, stretch.hypergradients)
  }

  @Test("its hypergradients are the derivatives of its validation loss")
  func hypergradients() throws {
    let h = try window(hyperparameters()).h
    #expect(h.count == 3)
    let distance = 1e-4
    for column in 0..<3 {
      var shift = [0.0, 0, 0]
      shift[column] = distance
      let up = try window(hyperparameters(shift)).loss
      shift[column] = -distance
      let down = try window(hyperparameters(shift)).loss
      let difference = (up - down) / (2 * distance)
      // The quotient's own error is of the order of the distance's square.
      #expect(abs(h[column] - difference) <= 1e-7 + 1e-6 * abs(difference), "column \(column)")
    }
  }

  @Test("the loss is the mean of what the formula says, and there is nothing else to report")
  func evaluation() throws {
    let problem = try problem()
    let theta = (0..<problem.parameterCount).map { 0.1 * Double($0 + 1) }
    let test = Rows(count: 9, inputs: Self.inputs, seed: 3)
    let expected =
      zip(test.x, test.y).reduce(0.0) { sum, example in
        let answer = zip(theta, example.0).reduce(theta[Self.inputs]) { $0 + $1.0 * $1.1 }
        return sum + (answer - example.1) * (answer - example.1)
      } / 9
    let found = theta.withUnsafeBufferPointer { problem.evaluate(.test, parameters: $0) }
    #expect(abs(found.loss - expected) <= 1e-14)
    #expect(found.metrics.isEmpty && found.accuracy == nil && found.classAccuracies.isEmpty)
  }
}
