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
    for index in model.graph.initializer.indices
    where model.graph.initializer[index].isExternal {
      _ = problems.attempt { () throws(ModelProblem) in
        try external.resolve(&model.graph.initializer[index])
      }
    }
    for node in model.graph.node.indices {
      for attribute in model.graph.node[node].attribute.indices
      where model.graph.node[node].attribute[attribute].t.isExternal {
        _ = problems.attempt { () throws(ModelProblem) in
          try external.resolve(&model.graph.node[node].attribute[attribute].t)
        }
      }
    }
    try problems.check()
  }

  private static func parse(_ bytes: Data) throws(ModelProblems) -> Onnx_ModelProto {
    guard !bytes.isEmpty else { throw ModelProblems([ModelProblem("the file is empty")]) }
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
