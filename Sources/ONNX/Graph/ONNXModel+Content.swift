extension ONNXModel {
  /// Hands out bytes that tell the model from another one: everything that it computes with, however
  /// the file is written, and not what the names of files are.
  public func addContent(_ add: (UnsafeRawBufferPointer) -> Void) {
    func addText(_ text: String) { Array("\(text)\n".utf8).withUnsafeBytes(add) }
    addText("opset \(opset)")
    for port in graph.inputs + graph.outputs {
      let axes = port.dimensions.map { $0.map { $0.map(String.init) ?? "?" } } ?? []
      addText("\(port.name) \(port.type?.rawValue ?? "?") \(axes)")
    }
    for node in graph.nodes {
      addText("\(node.type) \(node.inputs) \(node.outputs)")
      for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) {
        if case .tensor(let tensor) = attribute {
          addText(name)
          tensor.addContent(add)
        } else {
          addText("\(name) \(attribute)")
        }
      }
    }
    for (name, tensor) in graph.initializers.sorted(by: { $0.key < $1.key }) {
      addText(name)
      tensor.addContent(add)
    }
    // Which of them are trained decides as much.
    for parameter in parameters { addText("\(parameter.name) \(parameter.dimensions)") }
  }
}

extension HostTensor {
  fileprivate func addContent(_ add: (UnsafeRawBufferPointer) -> Void) {
    Array("\(type) \(dimensions)\n".utf8).withUnsafeBytes(add)
    switch elements {
    case .floats(let values): values.withUnsafeBytes(add)
    case .integers(let values): values.withUnsafeBytes(add)
    case .booleans(let values): values.withUnsafeBytes(add)
    }
  }
}
