import Differentiation
import Tensors
import Testing

@testable import ONNX

/// What the onnx package's evaluator cannot show.
@Suite("ONNX operators beside the reference") struct OperatorTests {
  private func record(
    _ type: String, _ inputs: [GraphValue<Double>], _ attributes: [String: Attribute] = [:],
    opset: Int = 20, on tape: Tape<Double>
  ) throws -> GraphValue<Double> {
    let names = inputs.indices.map { "x\($0)" }
    let graph = Graph(
      opset: opset, inputs: [], outputs: [GraphPort(name: "y", type: nil, dimensions: nil)],
      nodes: [
        Node(
          index: 0, name: "node", type: type, inputs: names, outputs: ["y"],
          attributes: attributes)
      ], initializers: [:])
    var recorder = GraphRecorder(
      graph, values: Dictionary(uniqueKeysWithValues: zip(names, inputs)), on: tape)
    return try recorder.record()[0]
  }

  private func numbers(_ tape: Tape<Double>, _ y: Variable<Double>, count: Int) -> [Double] {
    let theta = (0..<count).map { Double($0 + 1) }
    return theta.withUnsafeBufferPointer { theta in
      guard let start = theta.baseAddress else { return [] }
      tape.bind(parameters: start)
      tape.replay()
      return (0..<y.count).map { y.value[$0] }
    }
  }

  /// The tape's own, with the ratio of the file; nothing where the file is for inference.
  @Test func dropoutIsThatOfTheTape() throws {
    func draw(_ record: (Tape<Double>, Variable<Double>) throws -> Variable<Double>) throws
      -> [Double]
    {
      let tape = Tape<Double>()
      let y = try record(tape, tape.parameter(.tensor([2, 50]), offset: 0))
      tape.seal(output: y, passes: .values)
      [3, 8].withUnsafeBufferPointer { tape.draws.set(seed: 5, step: 2, examples: $0) }
      return numbers(tape, y, count: 100)
    }
    func ofFile(_ trains: Bool) throws -> [Double] {
      try draw { tape, x in
        let ratio = HostTensor(.float32, [], .floats([0.3]))
        let mode = HostTensor(.bool, [], .booleans([trains]))
        let y = try record(
          "Dropout", [.variable(x), .constant(ratio), .constant(mode)], on: tape)
        guard case .variable(let y) = y else { throw ModelProblem("no variable") }
        return y
      }
    }
    let own = try draw { tape, x in tape.dropout(x, rate: 0.3) }
    #expect(try ofFile(true) == own)
    #expect(own.contains(0))
    #expect(try ofFile(false) == (1...100).map { Double($0) })
  }

  @Test func castsLikeAnotherTensor() throws {
    let tape = Tape<Double>()
    let x = HostTensor(.float32, [3], .floats([1.5, -2.5, 0]))
    let like = HostTensor(.int32, [1], .integers([0]))
    let y = try record("CastLike", [.constant(x), .constant(like)], on: tape)
    guard case .constant(let host) = y else { throw ModelProblem("no constant") }
    #expect(host == HostTensor(.int32, [3], .integers([1, -2, 0])))
  }

  @Test func lengthsOfSequences() throws {
    let one = GraphValue<Double>.constant(.integers([1]))
    let y = try record("SequenceLength", [.sequence([one, one])], on: Tape())
    guard case .constant(let host) = y else { throw ModelProblem("no constant") }
    #expect(host == HostTensor(.int64, [], .integers([2])))
  }

  /// The older form takes every neighbour's floor.
  @Test func upsampling() throws {
    let tape = Tape<Double>()
    let x = tape.parameter(.tensor([1, 1, 1, 2]), offset: 0)
    let scales = HostTensor(.float32, [4], .floats([1, 1, 2, 2]))
    let y = try record("Upsample", [.variable(x), .constant(scales)], opset: 11, on: tape)
    guard case .variable(let y) = y else { throw ModelProblem("no variable") }
    tape.seal(output: y, passes: .values)
    #expect(y.shape == .tensor([1, 1, 2, 4]))
    #expect(numbers(tape, y, count: 2) == [1, 1, 2, 2, 1, 1, 2, 2])
  }

  /// Images of the blocked layout are tensors to an operator.
  @Test func imagesAreTensors() throws {
    let tape = Tape<Double>()
    let x = tape.parameter(.tensor([1, 16, 1, 2]), offset: 0)
    let y = try record("Identity", [.variable(tape.images(of: x))], on: tape)
    let z = try record("Flatten", [y], on: tape)
    guard case .variable(let z) = z else { throw ModelProblem("no variable") }
    tape.seal(output: z, passes: .values)
    #expect(numbers(tape, z, count: 32) == (1...32).map { Double($0) })
  }

  /// Who fills tokens can see which are indices of the table.
  @Test func tokensHaveABound() throws {
    let tape = Tape<Double>()
    let table = tape.parameter(.tensor([7, 2]), offset: 0)
    let tokens = tape.integerInput(.tensor([3]))
    #expect(tokens.bound == nil)
    let column = try record("Unsqueeze", [.integers(tokens), .constant(.integers([1]))], on: tape)
    _ = try record("Gather", [.variable(table), column], on: tape)
    #expect(tokens.bound == 7)
  }
}
