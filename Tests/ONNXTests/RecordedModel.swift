import Differentiation
import Tensors
import Testing

@testable import ONNX

/// A model on a tape, with its input and its parameters.
final class RecordedModel {
  let tape = Tape<Double>()
  let output: Variable<Double>
  /// Values of parameters and running statistics as the tape has them.
  private(set) var parameters: [Double] = []
  /// For each of them its place in the row-major order of the file.
  private(set) var order: [Int] = []
  /// How many of them are trained; running statistics are behind.
  let trainedCount: Int
  private let fill: () -> Void

  /// Records a model for some records of its data.
  ///
  /// - Parameter step: the training step; nil where examples are only looked at.
  init(
    _ model: ONNXModel, _ data: Safetensor, records: [Int], passes: Tape<Double>.Passes = .values,
    step: Int? = nil
  ) throws {
    tape.draws.set(seed: 0, step: step, examples: UnsafeBufferPointer(start: nil, count: 0))
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
    var shapes: [String: [Int]] = [:]
    for parameter in model.parameters {
      let start = parameters.count
      offsets[parameter.name] = start
      let isBlocked = model.blocked.contains(parameter.name)
      shapes[parameter.name] = isBlocked ? [parameter.values.count] : parameter.dimensions
      let places =
        isBlocked ? Self.blockedPlaces(parameter.dimensions) : Array(parameter.values.indices)
      parameters += parameter.values
      order += places.map { start + $0 }
      for (index, place) in places.enumerated() {
        parameters[start + place] = parameter.values[index]
      }
    }
    let trained = parameters.count
    trainedCount = trained
    for statistic in model.statistics {
      offsets[statistic.name] = parameters.count
      shapes[statistic.name] = statistic.dimensions
      order += parameters.count..<parameters.count + statistic.values.count
      parameters += statistic.values
    }
    let parametersOf = { [shapes] (name: String) in Shape.tensor(shapes[name] ?? []) }
    let tape = tape
    let outputs = try model.record(
      [model.inputs[0].name: value],
      parameter: { name in
        let offset = offsets[name] ?? 0
        return offset < trained
          ? tape.parameter(parametersOf(name), offset: offset)
          : tape.statistic(parametersOf(name), offset: offset)
      },
      on: tape)
    guard case .variable(let variable) = outputs[0] else {
      throw ModelProblem("the output is a constant")
    }
    output = variable
    tape.seal(output: variable, passes: passes, keeping: [variable])
  }

  /// For each number of weights in row-major order its place in blocks.
  private static func blockedPlaces(_ shape: [Int]) -> [Int] {
    let geometry = ConvolutionGeometry(
      batch: 1, inputChannels: shape[1], outputChannels: shape[0], height: shape[2],
      width: shape[2], kernel: shape[2])
    var places: [Int] = []
    for output in 0..<shape[0] {
      for input in 0..<shape[1] {
        for y in 0..<shape[2] {
          for x in 0..<shape[2] {
            places.append(geometry.weightIndex(output: output, input: input, y: y, x: x))
          }
        }
      }
    }
    return places
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
    var gradient = [Double](repeating: 0, count: parameters.count)
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
