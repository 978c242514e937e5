// Ridge regression whose weight decay is tuned while it trains: a model and examples of one's own.
//
//     swift run -c release RidgeRegression

import Datasets
import Differentiation
import DynamicModes
import Hypergradients
import Learning
import MessagePassing
import Networks
import Tensors

/// x ↦ w·x with the squared error.
struct Ridge: Model {
  let name = "ridge"
  var parameters = ParameterLayout()

  init(inputs: Int) { parameters.append("weight", [1, inputs], fanIn: inputs) }

  func record<Number: Scalar>(
    _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> ModelOutputs<Number> {
    let answer = tape.matrixProduct(fields.numbers("x"), transposed: parameters["weight"])
    return ModelOutputs(losses: tape.squaredError(answer, fields.numbers("y")))
  }
}

/// Noisy values of a line in 20 dimensions, of which three matter.
struct Noisy: Examples {
  let count: Int
  let seed: UInt64
  let fields = [ExampleField("x", .numbers([20])), ExampleField("y", .numbers([1]))]

  func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
  ) {
    let (x, y) = (fields.numbers("x").value, fields.numbers("y").value)
    for (place, index) in indices.enumerated() {
      var stream = RandomStream(seed: seed, purpose: .testing, step: index)
      for i in 0..<20 { x[20 * place + i] = Number(2 * stream.uniform() - 1) }
      y[place] = x[20 * place] - x[20 * place + 1] + x[20 * place + 2]
      y[place] += Number(4 * stream.uniform() - 2)
    }
  }
}

let model = Ridge(inputs: 20)
let training = Noisy(count: 30, seed: 1)
let problem = ShardedProblem<Double>(
  model,
  examples: SplitExamples(
    training: training, validation: Noisy(count: 200, seed: 2), test: Noisy(count: 2000, seed: 3)),
  schedule: try MinibatchSchedule(order: .shuffled, count: 30, batch: 30, seed: 0), shard: 16,
  grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
  summation: .reproducible)
let tuner = Tuner(
  problem: problem,
  initialParameters: model.parameters.initialParameters(seed: 0, as: Double.self),
  inner: MomentumDescent(),
  hyperparameters: Hyperparameters([
    try Hyperparameter(.learningRate, value: 0.05, .sigmoid, isTuned: false),
    try Hyperparameter(.momentum, value: 0.9, .sigmoid, isTuned: false),
    try Hyperparameter(.weightDecay, value: 1e-3, .exp, isTuned: true),
  ]),
  outer: .adam(learningRate: 0.3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
  settings: TuningSettings(method: .glocal, steps: 1000),
  estimation: HankelEstimation(DynamicModeSettings()))
while let window = try tuner.nextWindow() {
  let decay = window.after.optimizer.first { $0.name == .weightDecay }?.value ?? 0
  print("window \(window.window): validation loss \(window.validation.loss), decay \(decay)")
}
print("test loss:", problem.evaluate(.test, parameters: tuner.state.training.primal).loss)
