import Differentiation
import Foundation
import Tensors

@testable import ONNX

/// Small models with the values that the onnx package's evaluator computes;
/// `scripts/reference/onnx_operators.py` wrote them.
struct OperatorReference {
  struct Numbers: Decodable {
    var shape: [Int]
    var numbers: Data
    var whole: Bool?

    var singles: [Double] { read(Float.self).map { Double($0) } }
    var doubles: [Double] { read(Double.self) }

    private func read<T>(_: T.Type) -> [T] {
      numbers.withUnsafeBytes { raw in
        (0..<raw.count / MemoryLayout<T>.stride).map {
          raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.stride, as: T.self)
        }
      }
    }
  }

  struct Case: Decodable {
    var model: Data
    var inputs: [String: Numbers]
    var outputs: [Numbers]
    /// Whether the evaluator computes it in single precision.
    var single: Bool?

    /// What the file says.
    var graph: Graph {
      get throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
          "\(UUID().uuidString).onnx")
        try model.write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let reader = GraphReader(try ModelFile(contentsOf: path.path))
        try reader.problems.check()
        return reader.graph
      }
    }
  }

  private struct File: Decodable {
    var cases: [String: Case]
  }

  static let cases: [String: Case] = {
    guard
      let file = Bundle.module.url(
        forResource: "operators", withExtension: "json", subdirectory: "Resources"),
      let data = try? Data(contentsOf: file)
    else { return [:] }
    return (try? JSONDecoder().decode(File.self, from: data))?.cases ?? [:]
  }()

  static let names = cases.keys.sorted()
}

/// A case on a tape, its floating-point inputs as parameters.
final class RecordedCase<Number: Scalar> {
  let tape = Tape<Number>()
  private(set) var parameters: [Double] = []
  /// The results that depend on parameters, one behind the other; nil if none does.
  private(set) var output: Variable<Number>?
  private var variables: [Variable<Number>] = []
  private var results: [GraphValue<Number>] = []

  init(
    _ test: OperatorReference.Case, isKnown: Bool = false,
    passes: Tape<Number>.Passes = .values, memory: TapeMemory = .shared
  ) throws {
    let graph = try test.graph
    var values = graph.initializers.mapValues { GraphValue<Number>.constant($0) }
    for (name, numbers) in test.inputs.sorted(by: { $0.key < $1.key }) {
      if numbers.whole == true {
        if isKnown {
          let integers = numbers.singles.map { Int64($0) }
          values[name] = .constant(HostTensor(.int64, numbers.shape, .integers(integers)))
        } else {
          let input = tape.integerInput(.tensor(numbers.shape))
          for (i, number) in numbers.singles.enumerated() { input.pointer[i] = Int32(number) }
          values[name] = .integers(input)
        }
      } else if isKnown {
        values[name] = .constant(HostTensor(.float64, numbers.shape, .floats(numbers.singles)))
      } else {
        values[name] = .variable(tape.parameter(.tensor(numbers.shape), offset: parameters.count))
        parameters += numbers.singles
      }
    }
    var recorder = GraphRecorder(graph, values: values, on: tape)
    results = try recorder.record()
    for case .variable(let variable) in results { variables.append(variable) }
    let active = variables.filter(\.isActive).map { tape.reshaped($0, to: [$0.count]) }
    if !active.isEmpty { output = tape.concatenated(active, axis: 0) }
    let unused = tape.parameter(.vector(1), offset: parameters.count)
    parameters.append(0)
    tape.seal(
      output: output ?? tape.scaled(unused, by: 1), passes: passes, keeping: variables,
      memory: memory)
  }

  /// Shape and numbers of every result.
  func values(at parameters: [Double]) -> [(shape: [Int], numbers: [Double])] {
    let theta = parameters.map { Number($0) }
    return theta.withUnsafeBufferPointer { theta in
      guard let start = theta.baseAddress else { return [] }
      tape.bind(parameters: start)
      tape.replay()
      return results.map { result in
        switch result {
        case .variable(let x):
          (x.shape.dimensions, (0..<x.count).map { Double(x.value[$0]) })
        case .constant(let host): (host.dimensions, host.numbers)
        case .integers, .sequence: ([], [])
        }
      }
    }
  }

  /// Σ cₙ yₙ, its gradient, and the gradient's tangent along a direction, for cₙ = 1/4 + n mod 7.
  func derivatives(
    at parameters: [Double], along direction: [Double]
  ) -> (value: Double, gradient: [Double], tangent: [Double]) {
    guard let output else { return (0, [], []) }
    let theta = parameters.map { Number($0) }
    let along = direction.map { Number($0) }
    let seed = (0..<output.count).map { Number(0.25 + Double($0 % 7)) }
    let still = [Number](repeating: 0, count: seed.count)
    var gradient = [Number](repeating: .nan, count: theta.count)
    var tangent = gradient
    var value = 0.0
    theta.withUnsafeBufferPointer { theta in
      along.withUnsafeBufferPointer { along in
        guard let start = theta.baseAddress, let direction = along.baseAddress else { return }
        tape.bind(parameters: start)
        tape.replay()
        value = (0..<output.count).reduce(0) { $0 + Double(seed[$1]) * Double(output.value[$1]) }
        tape.pullback(seed: seed, into: &gradient)
        _ = tape.tangents(along: direction)
        tape.pullbackTangents(seed: still, into: &tangent)
      }
    }
    return (value, gradient.map { Double($0) }, tangent.map { Double($0) })
  }
}
