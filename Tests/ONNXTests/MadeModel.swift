import Foundation
import Testing

@testable import ONNX

/// Files made by hand.
enum MadeModel {
  /// y = x w for x of [batch, 2].
  static func linear() -> Onnx_ModelProto {
    model(
      nodes: [node("MatMul", ["x", "w"], ["y"])],
      initializers: [tensor("w", [2, 3], [1, 2, 3, 4, 5, 6])], input: [nil, 2])
  }

  /// A model with the input `x` and the output `y`.
  static func model(
    nodes: [Onnx_NodeProto], initializers: [Onnx_TensorProto] = [], input: [Int?] = [nil, 2]
  ) -> Onnx_ModelProto {
    var model = Onnx_ModelProto()
    model.irVersion = 8
    var opset = Onnx_OperatorSetIdProto()
    opset.version = 17
    model.opsetImport = [opset]
    model.graph.name = Data("made".utf8)
    model.graph.node = nodes
    model.graph.initializer = initializers
    model.graph.input = [port("x", input)]
    model.graph.output = [port("y", [nil, nil])]
    return model
  }

  static func port(_ name: String, _ dimensions: [Int?]) -> Onnx_ValueInfoProto {
    var port = Onnx_ValueInfoProto()
    port.name = name
    port.type.tensorType.elemType = 1
    port.type.tensorType.shape.dim = dimensions.map { size in
      var dimension = Onnx_TensorShapeProto.Dimension()
      if let size { dimension.dimValue = Int64(size) } else { dimension.dimParam = Data("n".utf8) }
      return dimension
    }
    return port
  }

  static func node(
    _ type: String, _ inputs: [String], _ outputs: [String],
    _ change: (inout Onnx_NodeProto) -> Void = { _ in }
  ) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    node.opType = type
    node.name = "node_" + (outputs.first ?? "")
    node.input = inputs
    node.output = outputs
    change(&node)
    return node
  }

  static func attribute(
    _ name: String, _ type: Onnx_AttributeProto.AttributeType,
    _ change: (inout Onnx_AttributeProto) -> Void
  ) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    attribute.type = type
    change(&attribute)
    return attribute
  }

  static func tensor(_ name: String, _ dimensions: [Int64], _ values: [Float]) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = dimensions
    tensor.dataType = 1
    tensor.floatData = values
    return tensor
  }

  static func integers(_ name: String, _ values: [Int64]) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = [Int64(values.count)]
    tensor.dataType = 7
    tensor.int64Data = values
    return tensor
  }
}

/// A folder that goes away with its last reference.
final class ScratchFolder {
  private let url = FileManager.default.temporaryDirectory
    .appending(path: "onnx-tests-\(UUID().uuidString)")

  init() { try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// Writes a model; its path.
  func write(_ model: Onnx_ModelProto) throws -> String {
    try write(try model.serializedBytes(), as: "model.onnx")
  }

  func write(_ bytes: Data, as name: String) throws -> String {
    try bytes.write(to: url.appending(path: name))
    return path(name)
  }
}
