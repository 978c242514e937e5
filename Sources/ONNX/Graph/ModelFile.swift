import Foundation
import SwiftProtobuf

/// The file as messages, with all tensors in it that were in files beside it.
struct ModelFile: Sendable {
  /// As it was read, but for external tensors.
  var model: Onnx_ModelProto

  /// Reads a file.
  init(contentsOf path: String) throws(ModelProblems) {
    let bytes: Data
    do throws(FileProblem) {
      let file = try FileBytes(path: path)
      bytes = try file.bytes(from: 0, count: file.size)
    } catch {
      throw ModelProblems([ModelProblem("the file \(error.text)")])
    }
    model = try Self.parse(bytes)
    var external = ExternalData(besideModel: path)
    var problems = ProblemList()
    // Taken out of the message, as otherwise each change would copy all tensors.
    var graph = model.graph
    model.clearGraph()
    for index in graph.initializer.indices where graph.initializer[index].isExternal {
      _ = problems.attempt { () throws(ModelProblem) in
        try external.resolve(&graph.initializer[index])
      }
    }
    for node in graph.node.indices {
      for attribute in graph.node[node].attribute.indices
      where graph.node[node].attribute[attribute].t.isExternal {
        _ = problems.attempt { () throws(ModelProblem) in
          try external.resolve(&graph.node[node].attribute[attribute].t)
        }
      }
    }
    model.graph = graph
    try problems.check()
  }

  private static func parse(_ bytes: Data) throws(ModelProblems) -> Onnx_ModelProto {
    guard !bytes.isEmpty else { throw ModelProblems([ModelProblem("the file is empty")]) }
    if let fault = bytes.withUnsafeBytes({ WireScan.fault(in: $0) }) {
      throw ModelProblems([ModelProblem("the file \(fault.text)")])
    }
    var options = BinaryDecodingOptions()
    // The messages themselves are seven deep.
    options.messageDepthLimit = 32
    guard let model = try? Onnx_ModelProto(serializedBytes: bytes, options: options) else {
      throw ModelProblems([
        ModelProblem("the file is damaged, or not an ONNX file: it is not a message of that format")
      ])
    }
    guard model.hasGraph else {
      throw ModelProblems([ModelProblem("the file is not an ONNX file: it has no graph")])
    }
    return model
  }
}
