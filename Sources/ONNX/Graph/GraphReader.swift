import Foundation

/// Makes a ``Graph`` of a file, and notes all that is wrong with the file.
struct GraphReader {
  /// The versions of the default domain's operators that are supported.
  static let opsets = 11...24

  /// Where a tensor stands in the file.
  enum Origin: Equatable, Sendable {
    case initializer(Int)
    case constant(node: Int, attribute: Int)
  }

  /// What was read; complete if there are no problems.
  private(set) var graph: Graph
  /// Where the tensors of the graph come from.
  private(set) var origins: [String: Origin] = [:]
  private(set) var problems = ProblemList()
  private let message: Onnx_ModelProto
  /// Names that something defines.
  private var defined: Set<String> = []

  /// Reads a file.
  init(_ file: ModelFile) {
    message = file.model
    graph = Graph(opset: 0, inputs: [], outputs: [], nodes: [], initializers: [:])
    readVersion()
    defineInitializers()
    readNodes()
    readPorts()
    sortNodes()
    keepWhatIsUsed()
  }

  private mutating func readVersion() {
    for function in message.functions {
      problems.add(
        ModelProblem(
          "the file defines the function \(function.domain.shortened).\(function.name.shortened); "
            + "functions of a file's own are not supported: export with the functions inlined"))
    }
    let versions = Set(
      message.opsetImport.filter { Node.isDefault(domain: $0.domain) }.map(\.version))
    let supported = "versions \(Self.opsets.lowerBound) to \(Self.opsets.upperBound) are supported"
    guard let version = versions.max() else {
      return problems.add(
        ModelProblem(
          "the file does not say which version of the operators (opset) it uses; "
            + supported))
    }
    guard versions.count == 1 else {
      return problems.add(
        ModelProblem("the file names \(versions.count) versions of the operators (opset)"))
    }
    guard let opset = Int(exactly: version), Self.opsets.contains(opset) else {
      return problems.add(
        ModelProblem("the file uses version \(version) of the operators (opset); \(supported)"))
    }
    graph.opset = opset
  }

  private mutating func define(_ name: String, by definer: @autoclosure () -> String) {
    if !defined.insert(name).inserted {
      problems.add(ModelProblem("the value \(name.shortened) is defined again by \(definer())"))
    }
  }

  private mutating func defineInitializers() {
    for (index, tensor) in message.graph.initializer.enumerated() where !tensor.name.isEmpty {
      define(tensor.name, by: "an initializer")
      origins[tensor.name] = .initializer(index)
    }
    if !message.graph.sparseInitializer.isEmpty {
      problems.add(
        ModelProblem("the file has sparse initializers, which are not supported"))
    }
  }

  private mutating func readNodes() {
    graph.nodes.reserveCapacity(message.graph.node.count)
    for (index, message) in message.graph.node.enumerated() {
      var node = Node(
        index: index, name: message.name.shortened, type: message.opType,
        inputs: message.input, outputs: message.output, attributes: [:],
        rewrites: Self.rewrites(message))
      guard Node.isDefault(domain: message.domain) else {
        // Its outputs exist, so that only this problem is reported.
        problems.add(
          ModelProblem(
            node, "operators of the domain \(message.domain.shortened) are not supported"))
        node.outputs.lazy.filter { !$0.isEmpty }.forEach { defined.insert($0) }
        continue
      }
      for output in node.outputs where !output.isEmpty {
        define(output, by: "node \(ModelProblem(node, "").node ?? "") (\(node.type.shortened))")
      }
      if node.type == "Constant" {
        readConstant(node, message)
        continue
      }
      for attribute in message.attribute {
        do throws(ModelProblem) {
          let value = try Attribute(attribute)
          if node.attributes.updateValue(value, forKey: attribute.name) != nil {
            throw ModelProblem("the attribute \(attribute.name.shortened) is given twice")
          }
        } catch {
          problems.add(ModelProblem(node, error.text))
        }
      }
      graph.nodes.append(node)
    }
  }

  /// The exporter notes the names of its rules with the node that came out.
  private static func rewrites(_ message: Onnx_NodeProto) -> Set<Node.Rewrite> {
    let key = Data("rule_name".utf8)
    let notes = message.metadataProps.filter { $0.range(of: key) != nil }
    return Set(
      Node.Rewrite.allCases.filter { rule in
        notes.contains { $0.range(of: Data(rule.rawValue.utf8)) != nil }
      })
  }

  /// Notes where the value of a Constant is; it is read if something uses it.
  private mutating func readConstant(_ node: Node, _ message: Onnx_NodeProto) {
    guard message.attribute.count == 1, let name = node.outputs.first, !name.isEmpty else {
      return problems.add(ModelProblem(node, "a constant needs one attribute and one output"))
    }
    origins[name] = .constant(node: node.index, attribute: 0)
  }

  private mutating func readPorts() {
    for input in message.graph.input {
      // Old files name initializers among the inputs.
      if case .initializer = origins[input.name] { continue }
      define(input.name, by: "an input")
      readPort(input, "input").map { graph.inputs.append($0) }
    }
    for output in message.graph.output {
      if !defined.contains(output.name) {
        problems.add(
          ModelProblem("the output \(output.name.shortened) is not the result of any node"))
      }
      readPort(output, "output").map { graph.outputs.append($0) }
    }
    if message.graph.output.isEmpty { problems.add(ModelProblem("the graph has no output")) }
    if graph.inputs.isEmpty, message.graph.input.isEmpty {
      problems.add(ModelProblem("the graph has no input"))
    }
  }

  private mutating func readPort(_ port: Onnx_ValueInfoProto, _ kind: String) -> GraphPort? {
    guard port.hasType else { return GraphPort(name: port.name, type: nil, dimensions: nil) }
    guard port.type.hasTensorType else {
      problems.add(ModelProblem("the \(kind) \(port.name.shortened) is not a tensor"))
      return nil
    }
    let tensor = port.type.tensorType
    let type = ElementType(code: Int(tensor.elemType))
    if type == nil, tensor.elemType != 0 {
      problems.add(
        ModelProblem(
          "the \(kind) \(port.name.shortened) is of the type "
            + "\(ElementType.name(ofCode: Int(tensor.elemType))), which is not supported"))
    }
    guard tensor.shape.dim.count <= HostTensor.mostAxes else {
      problems.add(
        ModelProblem(
          "the \(kind) \(port.name.shortened) has \(tensor.shape.dim.count) axes; at most "
            + "\(HostTensor.mostAxes) are supported"))
      return nil
    }
    let dimensions = tensor.shape.dim.map { dimension in
      // −1 and 0 stand for "any" in files of old exporters.
      dimension.hasDimValue && dimension.dimValue > 0 ? Int(dimension.dimValue) : nil
    }
    return GraphPort(
      name: port.name, type: type, dimensions: tensor.hasShape ? dimensions : nil)
  }

  private mutating func sortNodes() {
    for node in graph.nodes {
      for input in node.inputs where !input.isEmpty && !defined.contains(input) {
        problems.add(
          ModelProblem(node, "its input \(input.shortened) is not defined anywhere in the file"))
      }
    }
    switch NodeOrder.of(graph.nodes) {
    case .sorted(let nodes): graph.nodes = nodes
    case .cycle(let node, let value):
      problems.add(
        ModelProblem(node, "its input \(value.shortened) depends on the node's own result"))
    }
  }

  /// Leaves out nodes that no output needs, and reads the tensors of the others.
  private mutating func keepWhatIsUsed() {
    let used = graph.removeUnused()
    for (name, origin) in origins where used.contains(name) {
      do throws(ModelProblem) {
        graph.initializers[name] = try tensor(name, origin)
      } catch {
        problems.add(error)
      }
    }
    origins = origins.filter { graph.initializers[$0.key] != nil }
  }

  private func tensor(_ name: String, _ origin: Origin) throws(ModelProblem) -> HostTensor {
    switch origin {
    case .initializer(let index):
      return try HostTensor(message.graph.initializer[index], named: name)
    case .constant(let node, let attribute):
      let message = message.graph.node[node].attribute[attribute]
      switch try Attribute(message) {
      case .tensor(let tensor): return tensor
      case .float(let number): return HostTensor(.float32, [], .floats([number]))
      case .floats(let numbers): return HostTensor(.float32, [numbers.count], .floats(numbers))
      case .integer(let number): return HostTensor(.int64, [], .integers([Int64(number)]))
      case .integers(let numbers):
        return HostTensor(.int64, [numbers.count], .integers(numbers.map { Int64($0) }))
      case .string, .strings:
        throw ModelProblem("the constant \(name.shortened) is a string, which is not supported")
      }
    }
  }
}

extension Node {
  /// Whether a domain is that of ONNX itself.
  static func isDefault(domain: String) -> Bool { domain.isEmpty || domain == "ai.onnx" }
}
