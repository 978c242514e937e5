import Differentiation
import Foundation
import SwiftProtobuf
import Tensors
import Testing

@testable import ONNX

/// Graphs of many small nodes take time in proportion to their size.
@Suite("Large graphs", .serialized) struct LargeGraphTests {
  private static let count = 10_000
  private let folder = ScratchFolder()

  private func read(_ model: Onnx_ModelProto, _ what: String) throws -> ONNXModel {
    let path = try folder.write(model)
    return try ONNXModel(contentsOf: path)
  }

  private func record(_ model: ONNXModel, _ shape: [Int], _ what: String) throws {
    do {
      let optimized = model.optimized
      let tape = Tape<Float>()
      var offset = 0
      var variables: [String: Variable<Float>] = [:]
      for one in optimized.parameters {
        variables[one.name] = tape.parameter(.tensor(one.dimensions), offset: offset)
        offset += one.values.count
      }
      let x = GraphValue.variable(
        tape.constant([Double](repeating: 0.5, count: shape.reduce(1, *)), shape))
      _ = try optimized.record(
        ["x": x], parameter: { variables[$0] ?? tape.constant([0], []) }, on: tape)
    }
  }

  /// Every node takes the result of the one before; the file has them in the reverse order.
  @Test func chains() throws {
    var nodes = (0..<Self.count).map { i in
      MadeModel.node("Relu", ["v\(i)"], ["v\(i + 1)"])
    }
    nodes.append(MadeModel.node("MatMul", ["x", "w"], ["v0"]))
    nodes.append(MadeModel.node("Relu", ["v\(Self.count)"], ["y"]))
    let model = try read(
      MadeModel.model(
        nodes: nodes.reversed(), initializers: [MadeModel.tensor("w", [2, 2], [1, 2, 3, 4])],
        input: [4, 2]), "chain")
    // A weight that is handed on as often.
    var carried = (0..<Self.count).map { MadeModel.node("Identity", ["w\($0)"], ["w\($0 + 1)"]) }
    carried.append(MadeModel.node("MatMul", ["x", "w\(Self.count)"], ["y"]))
    let other = try read(
      MadeModel.model(
        nodes: carried, initializers: [MadeModel.tensor("w0", [2, 2], [1, 2, 3, 4])]),
      "carried")
    #expect(other.laws.count == 1)
    #expect(model.graph.nodes.count == Self.count + 2 && model.graph.nodes[0].type == "MatMul")
  }

  /// All nodes take one value, and one takes all of theirs.
  @Test func stars() throws {
    var nodes = (0..<Self.count).map { i in
      MadeModel.node("Mul", ["x", "w"], ["v\(i)"])
    }
    nodes.append(MadeModel.node("Sum", (0..<Self.count).map { "v\($0)" }, ["s"]))
    nodes.append(MadeModel.node("MatMul", ["s", "m"], ["y"]))
    // The constant has the batch's size, with the same numbers for every example.
    let model = try read(
      MadeModel.model(
        nodes: nodes,
        initializers: [
          MadeModel.tensor("w", [2, 1000], (0..<2000).map { Float($0 % 1000) }),
          MadeModel.tensor("m", [1000, 1], (0..<1000).map { Float($0) }),
        ],
        input: [2, 1000]), "star")
    #expect(model.mended.count == 200 && model.hints.count == 200)
  }

  /// Tensors that are alike, and tensors with the same numbers in another order.
  @Test(arguments: ["alike", "permuted", "computed", "transposed"])
  func equalTensors(kind: String) throws {
    let count = 3_000
    var random = SplitMix(seed: 5)
    var nodes: [Onnx_NodeProto] = []
    var tensors: [Onnx_TensorProto] = []
    let values = (0..<16).map { Float($0) * 0.5 + 1 }
    for i in 0..<count {
      var own = values
      if kind == "permuted" {
        for k in own.indices { own.swapAt(k, random.next(16)) }
      }
      if kind == "transposed", i % 2 == 1 { own = (0..<16).map { values[$0 % 4 * 4 + $0 / 4] } }
      let name = kind == "alike" || kind == "permuted" ? "a.\(i)" : "val_\(i)"
      tensors.append(MadeModel.tensor(name, [4, 4], own))
      nodes.append(
        MadeModel.node(
          "MatMul", [i == 0 ? "x" : "v\(i)", name], [i == count - 1 ? "y" : "v\(i + 1)"])
      )
    }
    let model = try read(
      MadeModel.model(nodes: nodes, initializers: tensors, input: [nil, 4]), "equal \(kind)")
    switch kind {
    case "alike", "computed":
      #expect(model.ties.isEmpty && model.lookalikes.count == count - 1)
      #expect(model.lookalikes.allSatisfy { $0.kept.hasSuffix("0") && !$0.isTransposed })
    case "transposed":
      // The second is the transpose of the first alone; then there are two of the first.
      #expect(model.ties.first?.isTransposed == true && !model.lookalikes.isEmpty)
    default: #expect(model.ties.isEmpty)
    }
    #expect(model.laws.allSatisfy { $0 == .uniform(bound: 0.5) })
    let written = try model.bytes(
      parameters: Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.values) }))
    #expect(!written.isEmpty)
  }

  /// Each pair of a parameter and a computed transpose of it is a node more.
  @Test func manyTies() throws {
    let count = 3_000
    var nodes: [Onnx_NodeProto] = []
    var tensors: [Onnx_TensorProto] = []
    for i in 0..<count {
      let values = (0..<4).map { Float(4 * i + $0) }
      tensors.append(MadeModel.tensor("a.\(i)", [2, 2], values))
      tensors.append(
        MadeModel.tensor("val_\(i)", [2, 2], [values[0], values[2], values[1], values[3]]))
      nodes.append(MadeModel.node("MatMul", [i == 0 ? "x" : "v\(i)", "a.\(i)"], ["u\(i)"]))
      nodes.append(
        MadeModel.node("MatMul", ["u\(i)", "val_\(i)"], [i == count - 1 ? "y" : "v\(i + 1)"]))
    }
    let model = try read(MadeModel.model(nodes: nodes, initializers: tensors), "ties")
    #expect(model.ties.count == count && model.graph.nodes.count == 3 * count)
    #expect(model.graph.nodes[0].name == "tie of val_0")
    #expect(model.graph.nodes[count - 1].name == "tie of val_\(count - 1)")
  }

  @Test func manyExternalTensors() throws {
    let count = 3_000
    var model = MadeModel.linear()
    _ = try folder.write(Data(count: 4 * 6 * count), as: "w.data")
    model.graph.initializer = (0..<count).map { i in
      var tensor = MadeModel.tensor("w\(i)", [2, 3], [])
      tensor.dataLocation = .external
      tensor.externalData = [("location", "w.data"), ("offset", "\(24 * i)")].map { key, value in
        var entry = Onnx_StringStringEntryProto()
        (entry.key, entry.value) = (key, value)
        return entry
      }
      return tensor
    }
    model.graph.node = (0..<count).map { MadeModel.node("MatMul", ["x", "w\($0)"], ["v\($0)"]) }
    model.graph.node.append(MadeModel.node("Sum", (0..<count).map { "v\($0)" }, ["y"]))
    #expect(try read(model, "external").parameters.count == count)
  }

  /// Shapes joined of shapes that are joined of the same again, and values with ever more axes.
  @Test func constantsThatGrow() throws {
    var nodes = [MadeModel.node("Concat", ["none", "none"], ["c0"])]
    for level in 1..<12 {
      nodes.append(
        MadeModel.node(
          "Concat", [String](repeating: "c\(level - 1)", count: 500), ["c\(level)"]))
    }
    nodes.append(MadeModel.node("Reshape", ["x", "c11"], ["r"]))
    nodes.append(MadeModel.node("MatMul", ["x", "w"], ["y0"]))
    nodes.append(MadeModel.node("Add", ["y0", "r"], ["y1"]))
    nodes.append(MadeModel.node("Gather", ["x", "places"], ["g0"]))
    for i in 0..<60 { nodes.append(MadeModel.node("Gather", ["g\(i)", "g\(i)"], ["g\(i + 1)"])) }
    nodes.append(MadeModel.node("Unsqueeze", ["w", "axes"], ["s0"]))
    for i in 0..<1000 {
      nodes.append(MadeModel.node("Unsqueeze", ["s\(i)", "axes"], ["s\(i + 1)"]))
    }
    nodes.append(MadeModel.node("Sum", ["y1", "g60", "s1000"], ["y"]))
    let model = MadeModel.model(
      nodes: nodes,
      initializers: [
        MadeModel.integers("none", []), MadeModel.integers("places", [0, 1]),
        MadeModel.integers("axes", (0..<64).map { $0 }),
        MadeModel.tensor("w", [2, 2], [1, 2, 3, 4]),
      ], input: [2, 2])
    // Whether it is refused or not.
    let path = try folder.write(model)
    _ = try? ONNXModel(contentsOf: path)
  }

  @Test func manyAxesAreRefused() throws {
    let path = try folder.write(
      MadeModel.model(
        nodes: MadeModel.linear().graph.node, initializers: MadeModel.linear().graph.initializer,
        input: [Int?](repeating: 1, count: 100_000)))
    do throws(ModelProblems) {
      _ = try ONNXModel(contentsOf: path)
      Issue.record("accepted")
    } catch {
      #expect(
        error.problems.map(\.description) == [
          "the input x has 100000 axes; at most 64 are supported"
        ])
    }
  }

  /// Recurrent layers whose states come down one long chain, and results that nobody computes.
  @Test func zeroStatesAndMasks() throws {
    let count = 3_000
    var nodes = [MadeModel.node("Identity", ["zeros"], ["z0"])]
    for i in 0..<count { nodes.append(MadeModel.node("Identity", ["z\(i)"], ["z\(i + 1)"])) }
    for i in 0..<count {
      nodes.append(
        MadeModel.node(
          "RNN", [i == 0 ? "x" : "v\(i)", "w", "r", "", "", "z\(count)"],
          ["u\(i)", i == count - 1 ? "y" : "v\(i + 1)"]
        ) {
          $0.attribute = [MadeModel.attribute("hidden_size", .int) { $0.i = 2 }]
        })
    }
    let model = MadeModel.model(
      nodes: nodes,
      initializers: [
        MadeModel.tensor("zeros", [1, 4, 2], [Float](repeating: 0, count: 8)),
        MadeModel.tensor("w", [1, 2, 2], [1, 2, 3, 4]),
        MadeModel.tensor("r", [1, 2, 2], [1, 2, 3, 5]),
      ], input: [4, 3, 2])
    let path = try folder.write(model)
    _ = try? ONNXModel(contentsOf: path)
  }

  /// What goes on the tape.
  @Test func recording() throws {
    var nodes = [MadeModel.node("MatMul", ["x", "w"], ["v0"])]
    for i in 0..<Self.count / 4 {
      nodes.append(MadeModel.node("Identity", ["one"], ["c\(i)"]))
      nodes.append(MadeModel.node("Mul", ["v\(i)", "c\(i)"], ["u\(i)"]))
      nodes.append(MadeModel.node("Dropout", ["u\(i)"], ["v\(i + 1)", "mask\(i)"]))
    }
    nodes.append(MadeModel.node("Relu", ["v\(Self.count / 4)"], ["y"]))
    let model = try read(
      MadeModel.model(
        nodes: nodes,
        initializers: [
          MadeModel.tensor("w", [2, 2], [1, 2, 3, 4]), MadeModel.tensor("one", [], [1]),
        ]), "dropouts")
    #expect(model.hints.count == 1)
    try record(model, [4, 2], "recording")
  }
}
