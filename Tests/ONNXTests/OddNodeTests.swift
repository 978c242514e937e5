import Differentiation
import Tensors
import Testing

@testable import ONNX

/// Every operator with too few inputs, inputs of other ranks and types, and axes that are not there, in
/// a file with its batch written into it: read or refused, never a trap.
@Suite("Nodes that no exporter writes") struct OddNodeTests {
  private static let inputs: [[String]] = [
    [], ["x1"], ["x1", "i"], ["x1", "v"], ["x1", "x1"], ["i"], ["i", "i"], ["x1", "", "i"],
    ["x1", "w", "v", "v", "v"], ["w", "x1"], ["z"], ["z", "k"], ["w"], ["w", "i"],
  ]

  @Test(arguments: OperatorTable.operators.keys.filter { !$0.hasPrefix(" ") }.sorted())
  func areReadOrRefused(type: String) throws {
    let folder = ScratchFolder()
    var refused = 0
    for inputs in Self.inputs {
      for axis in [nil, 7, -7, 0] as [Int64?] {
        let odd = MadeModel.node(type, inputs, ["a"]) { node in
          guard let axis else { return }
          node.attribute = [MadeModel.attribute("axis", .int) { $0.i = axis }]
        }
        let model = MadeModel.model(
          nodes: [
            MadeModel.node("Reshape", ["x", "r"], ["x1"]),
            MadeModel.node("Reshape", ["x", "s"], ["z"]), odd,
            // Once as a value and once as a shape.
            MadeModel.node("MatMul", ["a", "w"], ["b"]),
            MadeModel.node("Reshape", ["b", "a"], ["y"]),
          ],
          initializers: [
            MadeModel.tensor("w", [4, 3], (0..<12).map { Float($0) }),
            MadeModel.tensor("v", [4], [1, 2, 3, 4]),
            MadeModel.tensor("k", [16, 4, 1, 1], (0..<64).map { Float($0) }),
            MadeModel.integers("i", [0]), MadeModel.integers("r", [2, 4]),
            MadeModel.integers("s", [2, 4, 1, 1]),
          ], input: [2, 4])
        let path = try folder.write(model)
        do throws(ModelProblems) {
          let read = try ONNXModel(contentsOf: path)
          _ = (read.hints, read.laws)
          try record(read)
          try record(read.optimized)
        } catch {
          #expect(!error.problems.isEmpty)
          refused += 1
        }
      }
    }
    #expect(refused > 0)
  }

  private func record(_ model: ONNXModel) throws(ModelProblems) {
    let tape = Tape<Float>()
    var offset = 0
    var variables: [String: Variable<Float>] = [:]
    for one in model.parameters {
      let shape: Shape =
        model.blocked.contains(one.name) ? .vector(one.values.count) : .tensor(one.dimensions)
      variables[one.name] = tape.parameter(shape, offset: offset)
      offset += one.values.count
    }
    for one in model.statistics {
      variables[one.name] = tape.statistic(.tensor(one.dimensions), offset: offset)
      offset += one.values.count
    }
    let spare = tape.input(.vector(1))
    _ = try model.record(
      ["x": .variable(tape.input(.tensor([2, 4])))], parameter: { variables[$0] ?? spare }, on: tape
    )
  }
}
