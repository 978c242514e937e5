import Differentiation
import Tensors
import Testing

@testable import ONNX

/// A model on a tape, with its input and its parameters.
final class RecordedModel {
  let tape = Tape<Double>()
  let output: Variable<Double>
  private(set) var parameters: [Double] = []
  private let fill: () -> Void

  /// Records a model for some records of its data.
  init(
    _ model: ONNXModel, _ data: Safetensor, records: [Int], passes: Tape<Double>.Passes = .values
  ) throws {
    let row = data.numbers.count / data.shape[0]
    let numbers = records.flatMap { data.numbers[$0 * row..<($0 + 1) * row] }
    let shape = Shape.tensor([records.count] + data.shape[1...])
    let value: GraphValue<Double>
    if data.isInteger {
      let input = tape.integerInput(shape)
      for (i, number) in numbers.enumerated() { input.pointer[i] = Int32(number) }
      value = .integers(input)
      fill = {}
    } else {
      let input = tape.input(shape)
      value = .variable(input)
      fill = { for (i, number) in numbers.enumerated() { input.value[i] = number } }
    }
    var offsets: [String: Int] = [:]
    for parameter in model.parameters {
      offsets[parameter.name] = parameters.count
      parameters += parameter.values
    }
    let shapes = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.dimensions) })
    let tape = tape
    let outputs = try model.record(
      [model.inputs[0].name: value],
      parameter: { name in tape.parameter(.tensor(shapes[name] ?? []), offset: offsets[name] ?? 0)
      },
      on: tape)
    guard case .variable(let variable) = outputs[0] else {
      throw ModelProblem("the output is a constant")
    }
    output = variable
    tape.seal(output: variable, passes: passes, keeping: [variable])
  }

  /// The outputs at these parameters.
  func outputs(at parameters: [Double]) -> [Double] {
    parameters.withUnsafeBufferPointer { theta in
      guard let start = theta.baseAddress else { return [] }
      tape.bind(parameters: start)
      fill()
      tape.replay()
      return (0..<output.count).map { output.value[$0] }
    }
  }

  /// Σ cₙ yₙ with its gradient, and the tangent of the gradient along a direction.
  func gradient(
    at parameters: [Double], seed: [Double], along direction: [Double]
  ) -> (gradient: [Double], tangent: [Double]) {
    var gradient = [Double](repeating: .nan, count: parameters.count)
    var tangent = gradient
    let still = [Double](repeating: 0, count: seed.count)
    parameters.withUnsafeBufferPointer { theta in
      direction.withUnsafeBufferPointer { v in
        guard let start = theta.baseAddress, let along = v.baseAddress else { return }
        tape.bind(parameters: start)
        fill()
        tape.replay()
        tape.pullback(seed: seed, into: &gradient)
        _ = tape.tangents(along: along)
        tape.pullbackTangents(seed: still, into: &tangent)
      }
    }
    return (gradient, tangent)
  }
}
