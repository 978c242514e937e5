import Foundation
import Testing

@testable import ONNX

@Suite struct BakedBatchTests {
  private let folder = ScratchFolder()

  /// A chain of nodes from the input `x` to a product with `w`, whose result is `y`.
  private func read(
    _ input: [Int?], _ steps: [(String, shape: [Int64]?, perm: [Int64]?)], rows: Int64
  ) throws -> ONNXModel {
    var nodes: [Onnx_NodeProto] = []
    var tensors: [Onnx_TensorProto] = []
    var value = "x"
    for (index, step) in steps.enumerated() {
      var inputs = [value]
      if let shape = step.shape {
        tensors.append(MadeModel.integers("shape\(index)", shape))
        inputs.append("shape\(index)")
      }
      nodes.append(
        MadeModel.node(step.0, inputs, ["v\(index)"]) { node in
          guard let perm = step.perm else { return }
          node.attribute = [MadeModel.attribute("perm", .ints) { $0.ints = perm }]
        })
      value = "v\(index)"
    }
    nodes.append(MadeModel.node("MatMul", [value, "w"], ["y"]))
    tensors.append(
      MadeModel.tensor("w", [rows, 2], (0..<rows * 2).map { Float($0) }))
    let model = MadeModel.model(nodes: nodes, initializers: tensors, input: input)
    return try ONNXModel(contentsOf: try folder.write(model))
  }

  private func shapes(_ model: ONNXModel) -> [[Int64]] {
    model.graph.nodes.filter { $0.type == "Reshape" }.map { node in
      guard case .integers(let shape) = model.graph.initializers[node.inputs[1]]?.elements else {
        return []
      }
      return shape
    }
  }

  @Test(
    .enabled(if: Fixtures.folder != nil, "needs ../shared/fixtures/onnx"),
    arguments: Fixtures.files)
  func fixtures(file: String) throws {
    let model = try ONNXModel(contentsOf: Fixtures.path(file))
    #expect(model.bakedBatch == (file.hasSuffix("bare") ? 4 : nil))
    #expect(model.mended.isEmpty)
    // Whatever the file says, the batch is not fixed.
    #expect(model.inputs.count == 1 && model.inputs[0].dimensions?[0] == .some(nil))
    #expect(model.outputs.count == 1 && model.outputs[0].dimensions?[0] == .some(nil))
  }

  @Test(arguments: [1, 4])
  func headsOfAttention(batch: Int64) throws {
    let model = try read(
      [Int(batch), 16, 32],
      [
        ("Relu", nil, nil), ("Reshape", [batch, 16, 2, 16], nil),
        ("Transpose", nil, [0, 2, 1, 3]), ("Reshape", [-1, 16, 16], nil),
        ("Reshape", [batch, 2, 16, 16], nil), ("Transpose", nil, [0, 2, 1, 3]),
        ("Reshape", [batch, 16, 32], nil), ("Reshape", [batch, -1], nil),
        ("Reshape", [0, 512], nil),
      ], rows: 512)
    #expect(model.bakedBatch == Int(batch))
    #expect(
      shapes(model) == [
        [-1, 16, 2, 16], [-1, 16, 16], [-1, 2, 16, 16], [-1, 16, 32], [0, -1], [0, 512],
      ])
    #expect(model.mended.count == 4)
    #expect(
      model.mended[0]
        == "node node_v1 (Reshape): the shape [\(batch), 16, 2, 16] is now [-1, 16, 2, 16]"
    )
  }

  /// The batch is the second axis, and shares one with the heads.
  @Test func sequenceFirst() throws {
    let steps: [(String, shape: [Int64]?, perm: [Int64]?)] = [
      ("Transpose", nil, [1, 0, 2]), ("Reshape", [6, 8, 8], nil),
      ("Transpose", nil, [1, 0, 2]), ("Reshape", [4, 2, 6, 8], nil),
      ("Transpose", nil, [2, 0, 1, 3]), ("Reshape", [24, 16], nil), ("Reshape", [6, 4, 16], nil),
    ]
    let model = try read([4, 6, 16], steps, rows: 16)
    #expect(shapes(model) == [[6, -1, 8], [-1, 2, 6, 8], [-1, 16], [6, -1, 16]])
    // With one example [6, 2, 8] may be [6, 2 n, 8] or [6 n, 2, 8].
    #expect(throws: ModelProblems.self) {
      try read(
        [1, 6, 16], [("Transpose", nil, [1, 0, 2]), ("Reshape", [6, 2, 8], nil)], rows: 8)
    }
    #expect(throws: ModelProblems.self) {
      try read([4, 6, 16], [("Unknown", nil, nil), ("Reshape", [24, 16], nil)], rows: 16)
    }
  }

  @Test func statesAndMasks() throws {
    var model = MadeModel.model(
      nodes: [
        MadeModel.node("Transpose", ["x"], ["t"]) { node in
          node.attribute = [MadeModel.attribute("perm", .ints) { $0.ints = [1, 0, 2] }]
        },
        MadeModel.node("GRU", ["t", "w", "r", "", "", "h"], ["all"]) { node in
          node.attribute = [MadeModel.attribute("hidden_size", .int) { $0.i = 1 }]
        },
        MadeModel.node("Transpose", ["all"], ["first"]) { node in
          node.attribute = [MadeModel.attribute("perm", .ints) { $0.ints = [2, 0, 1, 3] }]
        },
        MadeModel.node("Add", ["first", "mask"], ["y"]),
      ],
      initializers: [
        MadeModel.tensor("w", [1, 3, 2], [1, 2, 3, 4, 5, 6]),
        MadeModel.tensor("r", [1, 3, 1], [1, 2, 3]),
        MadeModel.tensor("h", [1, 4, 1], [0, 0, 0, 0]),
        MadeModel.tensor("mask", [4, 2, 1, 1], [5, 6, 5, 6, 5, 6, 5, 6]),
      ], input: [4, 2, 2])
    let read = try ONNXModel(contentsOf: try folder.write(model))
    #expect(read.graph.nodes[1].inputs == ["t", "w", "r", "", "", ""])
    let mask = read.graph.initializers[read.graph.nodes[3].inputs[1]]
    #expect(mask == HostTensor(.float32, [1, 2, 1, 1], .floats([5, 6])))
    #expect(read.mended.count == 2)
    #expect(!read.parameters.map(\.name).contains("h"))
    // Other numbers for every example.
    model.graph.initializer[3].floatData[0] = 4
    let path = try folder.write(model)
    #expect(throws: ModelProblems.self) { try ONNXModel(contentsOf: path) }
  }
}
