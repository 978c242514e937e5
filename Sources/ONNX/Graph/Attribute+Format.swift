extension Attribute {
  /// Reads an attribute.
  ///
  /// - Throws: why it is not supported, as the end of a sentence about the node.
  init(_ message: Onnx_AttributeProto) throws(ModelProblem) {
    let name = message.name.shortened
    guard message.refAttrName.isEmpty else {
      throw ModelProblem("the attribute \(name) refers to one of a function")
    }
    switch message.hasType ? message.type : message.impliedType {
    case .float: self = .float(Double(message.f))
    case .int: self = .integer(Int(message.i))
    case .string: self = .string(String(decoding: message.s, as: UTF8.self))
    case .floats: self = .floats(message.floats.map { Double($0) })
    case .ints: self = .integers(message.ints.map { Int($0) })
    case .strings: self = .strings(message.strings.map { String(decoding: $0, as: UTF8.self) })
    case .tensor: self = .tensor(try HostTensor(message.t, named: "of the attribute \(name)"))
    case .graph, .graphs:
      throw ModelProblem(
        "the attribute \(name) is a graph of its own; loops and branches are not supported")
    case .sparseTensor, .sparseTensors:
      throw ModelProblem("the attribute \(name) is a sparse tensor, which is not supported")
    case .tensors, .typeProto, .typeProtos, .undefined:
      throw ModelProblem("the attribute \(name) is of a kind that is not supported")
    }
  }
}

extension Onnx_AttributeProto {
  /// The kind of value that is there; very old files do not say it.
  fileprivate var impliedType: AttributeType {
    if hasF { return .float }
    if hasI { return .int }
    if hasS { return .string }
    if hasT { return .tensor }
    if hasG || !graphs.isEmpty { return .graph }
    if hasSparseTensor || !sparseTensors.isEmpty { return .sparseTensor }
    if !floats.isEmpty { return .floats }
    if !ints.isEmpty { return .ints }
    return strings.isEmpty ? .undefined : .strings
  }
}
