import Foundation
import SwiftProtobuf

extension ONNXModel {
  /// Writes the file that was read, with other values for its tensors.
  ///
  /// Everything else stays as it was, what this program does not know included; tensors that were in other
  /// files are put inside. Tensors that are tied to a parameter get its values, too.
  ///
  /// - Parameters:
  ///   - path: the new file, which appears when it is complete.
  ///   - parameters: values by name, as many as the tensor has, and rounded to the tensor's type; of
  ///     parameters, or of other floating-point tensors of the model, such as running statistics. What is
  ///     left out keeps its values.
  /// - Throws: if the file cannot be written, or if it would have more than two gigabytes, which the
  ///   format does not allow.
  public func write(to path: String, parameters: [String: [Double]]) throws {
    let bytes = try bytes(parameters: parameters)
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// The bytes that ``write(to:parameters:)`` writes.
  ///
  /// - Parameters:
  ///   - parameters: values by name.
  ///   - inference: a file that was exported for training is made one for inference: others than this
  ///     program would go on to normalise by minibatches and to drop out.
  /// - Throws: if there would be more than two gigabytes of them.
  public func bytes(
    parameters: [String: [Double]], inference: Bool = false
  ) throws(ModelProblems) -> [UInt8] {
    var message = message(parameters)
    if inference { message.graph.endTraining() }
    // That is the only reason why this can fail.
    guard let bytes: [UInt8] = try? message.serializedBytes() else {
      throw ModelProblems([
        ModelProblem("with its tensors inside, the file would have more than two gigabytes")
      ])
    }
    return bytes
  }

  private func message(_ parameters: [String: [Double]]) -> Onnx_ModelProto {
    var model = file.model
    // Taken out of the message, as otherwise each change would copy all tensors.
    var content = model.graph
    model.clearGraph()
    for (name, values) in parameters {
      Self.put(values, into: &content, origin(name, values.count))
    }
    for tie in ties {
      guard let values = parameters[tie.kept] else { continue }
      let dimensions = graph.initializers[tie.kept]?.dimensions ?? []
      let other = tie.isTransposed ? Self.transposed(values, dimensions) : values
      Self.put(other, into: &content, origin(tie.other, values.count))
    }
    model.graph = content
    return model
  }

  private func origin(_ name: String, _ count: Int) -> GraphReader.Origin {
    guard let origin = origins[name] else { preconditionFailure("no tensor is called \(name)") }
    if let tensor = graph.initializers[name] {
      precondition(
        tensor.type.isFloat && tensor.count == count,
        "\(count) values for \(name) of dimensions \(tensor.dimensions), type \(tensor.type)")
    }
    return origin
  }

  private static func put(
    _ values: [Double], into graph: inout Onnx_GraphProto, _ origin: GraphReader.Origin
  ) {
    switch origin {
    case .initializer(let index):
      graph.initializer[index].replaceNumbers(by: values)
    case .constant(let node, let index):
      var attribute = graph.node[node].attribute[index]
      if attribute.hasT {
        attribute.t.replaceNumbers(by: values)
      } else if attribute.hasF {
        attribute.f = Float(values[0])
      } else {
        attribute.floats = values.map { Float($0) }
      }
      graph.node[node].attribute[index] = attribute
    }
  }

  private static func transposed(_ values: [Double], _ dimensions: [Int]) -> [Double] {
    let (rows, columns) = (dimensions[0], dimensions[1])
    return (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
  }
}
