// An operation of one's own on the tape, in a model of one's own.
//
//     swift run -c release OwnOperation

import Datasets
import Differentiation
import DynamicModes
import Hypergradients
import Learning
import MessagePassing
import Networks
import Tensors

/// y = 1/(1 + exp(−x)), number by number.
///
/// With y′ = y (1 − y): ẏ = y′ ẋ, x̄ = y′ ȳ, x̄̇ = y′ ȳ̇ + (1 − 2y) ẏ ȳ.
final class Logistic<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>

  init(on tape: Tape<Number>, _ input: Variable<Number>) {
    self.input = Operand(input)
    result = tape.result(input.shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  /// All passes read y, none of them x; the last one reads ẏ and ȳ too.
  var needs: PrimalNeeds<Number> {
    PrimalNeeds(
      pullback: [result], tangent: [result], pullbackTangent: [result],
      tangentsInPullback: [result], cotangentInPullbackTangent: true)
  }

  func value() {
    let (x, y) = (input.variable.value, result.value)
    for i in 0..<result.count { y[i] = 1 / (1 + Number.exponential(-x[i])) }
  }

  func pullback() {
    let (y, bar) = (result.value, input.variable.cotangent)
    for i in 0..<result.count {
      bar[i] = (input.accumulates ? bar[i] : 0) + y[i] * (1 - y[i]) * result.cotangent[i]
    }
  }

  func tangent() {
    let (y, dot) = (result.value, input.variable.tangent)
    for i in 0..<result.count { result.tangent[i] = y[i] * (1 - y[i]) * dot[i] }
  }

  func pullbackTangent() {
    let (y, bar) = (result.value, input.variable.cotangentTangent)
    for i in 0..<result.count {
      let straight = y[i] * (1 - y[i]) * result.cotangentTangent[i]
      let curved = (1 - 2 * y[i]) * result.tangent[i] * result.cotangent[i]
      bar[i] = (input.accumulates ? bar[i] : 0) + straight + curved
    }
  }
}

extension Tape {
  /// 1/(1 + exp(−x)) of every number.
  func logistic(_ x: Variable<Number>) -> Variable<Number> { record(Logistic(on: self, x)) }
}

/// x ↦ w · logistic(W x + b) with the squared error.
struct Hidden: Model {
  let name = "hidden"
  var parameters = ParameterLayout()

  init(inputs: Int, width: Int) {
    parameters.append("hidden.weight", [width, inputs], fanIn: inputs)
    parameters.append("hidden.bias", [width], fanIn: inputs)
    parameters.append("output.weight", [1, width], fanIn: width)
  }

  func record<Number: Scalar>(
    _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> ModelOutputs<Number> {
    let product = tape.matrixProduct(fields.numbers("x"), transposed: parameters["hidden.weight"])
    let hidden = tape.logistic(tape.adding(bias: parameters["hidden.bias"], to: product))
    let answer = tape.matrixProduct(hidden, transposed: parameters["output.weight"])
    return ModelOutputs(losses: tape.squaredError(answer, fields.numbers("y")))
  }
}

/// Random points of a square, and the product of their coordinates.
struct Saddle: Examples {
  let count: Int
  let seed: UInt64
  let fields = [ExampleField("x", .numbers([2])), ExampleField("y", .numbers([1]))]

  func load<Number: Scalar>(
    _ indices: UnsafeBufferPointer<Int>, step: Int?, into fields: FieldVariables<Number>
  ) {
    let (x, y) = (fields.numbers("x").value, fields.numbers("y").value)
    for (place, index) in indices.enumerated() {
      var stream = RandomStream(seed: seed, purpose: .testing, step: index)
      for i in 0..<2 { x[2 * place + i] = Number(4 * stream.uniform() - 2) }
      y[place] = x[2 * place] * x[2 * place + 1]
    }
  }
}

let model = Hidden(inputs: 2, width: 8)
let problem = ShardedProblem<Double>(
  model,
  examples: SplitExamples(
    training: Saddle(count: 100, seed: 1), validation: Saddle(count: 50, seed: 2),
    test: Saddle(count: 500, seed: 3)),
  schedule: try MinibatchSchedule(order: .shuffled, count: 100, batch: 25, seed: 0), shard: 16,
  grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
  summation: .reproducible)
let start = Hyperparameters([
  try Hyperparameter(.learningRate, value: 0.02, .exp, isTuned: true),
  try Hyperparameter(.momentum, value: 0.8, .sigmoid, isTuned: true),
  try Hyperparameter(.weightDecay, value: 1e-3, .exp, isTuned: true),
])
let tuner = { (hyperparameters: Hyperparameters, steps: Int) in
  Tuner(
    problem: problem,
    initialParameters: model.parameters.initialParameters(seed: 0, as: Double.self),
    inner: MomentumDescent(), hyperparameters: hyperparameters,
    outer: .adam(learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
    settings: TuningSettings(method: .local, steps: steps),
    estimation: HankelEstimation(DynamicModeSettings()))
}

// One window's hypergradient, and the differences of the losses that a little more or less of each
// raw hyperparameter leads to.
print("hypergradient", try tuner(start, 50).nextWindow()?.hypergradients ?? [])
let differences = try start.raw.indices.map { column in
  let losses = try [1e-4, -1e-4].map { step in
    var moved = start
    moved.raw[column] += step
    return try tuner(moved, 50).nextWindow()?.validation.loss ?? .nan
  }
  return (losses[0] - losses[1]) / 2e-4
}
print("differences", differences)

let run = tuner(start, 2000)
while let window = try run.nextWindow() {
  print("window \(window.window): validation loss \(window.validation.loss)")
}
print("test loss:", problem.evaluate(.test, parameters: run.state.training.primal).loss)
