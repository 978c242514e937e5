import Differentiation
import Tensors

extension ONNXModel {
  /// The same model for the fast kernels: what does not depend on examples and parameters is computed
  /// beforehand, group normalisations are one operation with their rectifier, and weights of
  /// convolutions are taken in blocks of channels where that is possible; see ``blocked``.
  public var optimized: ONNXModel {
    var model = self
    let moving = Set(parameters.map(\.name)).union(statistics.map(\.name))
    model.graph =
      graph.withFoldedConstants(besides: moving).withGroupNormalizations.withoutIdleNodes
    model.blocked = model.graph.markBlockedConvolutions(
      of: Set(parameters.map(\.name)), block: ConvolutionGeometry.block)
    return model
  }
}

extension Graph {
  /// Most elements of a constant that replaces the nodes it comes from.
  private static var largest: Int { 1 << 16 }

  /// With the results of nodes that depend on known tensors alone, or on the shapes of tensors of the
  /// file, in place of the nodes.
  ///
  /// - Parameter moving: names of tensors whose elements change.
  func withFoldedConstants(besides moving: Set<String>) -> Graph {
    var graph = self
    graph.nodes = []
    let room = FoldingRoom()
    for node in withPlainCasts.nodes {
      guard let results = graph.results(of: node, besides: moving, room) else {
        graph.nodes.append(node)
        continue
      }
      for (name, tensor) in zip(node.outputs, results) where !name.isEmpty {
        graph.initializers[name] = tensor
      }
    }
    return graph
  }

  private func results(
    of node: Node, besides moving: Set<String>, _ room: FoldingRoom
  ) -> [HostTensor]? {
    let inputs = node.inputs.filter { !$0.isEmpty }
    guard let first = inputs.first, initializers[first] != nil else { return nil }
    let isKnown = !moving.contains(first)
    let others = inputs.dropFirst()
    guard isKnown || node.type == "Shape",
      others.allSatisfy({ initializers[$0] != nil && !moving.contains($0) })
    else { return nil }
    var one = self
    one.nodes = [node]
    one.outputs = node.outputs.filter { !$0.isEmpty }.map {
      GraphPort(name: $0, type: nil, dimensions: nil)
    }
    var values: [String: GraphValue<Double>] = [:]
    for name in inputs { values[name] = initializers[name].map { .constant($0) } }
    var recorder = GraphRecorder(one, values: values, on: Tape<Double>(), room: room)
    guard let found = try? recorder.record() else { return nil }
    var tensors: [HostTensor] = []
    for value in found {
      guard case .constant(let tensor) = value, tensor.count <= Self.largest else { return nil }
      tensors.append(tensor)
    }
    // A result without a name would shift the others.
    return tensors.count == node.outputs.count ? tensors : nil
  }

  /// With `Identity` for each `CastLike` that takes floating-point numbers to the type of others: the
  /// precision of a tape is one.
  var withPlainCasts: Graph {
    var graph = self
    // Values of whole numbers or truth values, as far as they can be told.
    var whole = Set(initializers.filter { !$0.value.type.isFloat }.keys)
    whole.formUnion(inputs.filter { $0.type?.isFloat == false }.map(\.name))
    let always: Set = ["Shape", "Size", "NonZero", "ArgMax", "ArgMin", "Equal", "Greater", "Less"]
    for (place, node) in nodes.enumerated() {
      let inputs = node.inputs.filter { !$0.isEmpty }
      if node.type == "CastLike", inputs.count == 2, !whole.contains(inputs[0]),
        !whole.contains(inputs[1])
      {
        graph.nodes[place].type = "Identity"
        graph.nodes[place].inputs = [inputs[0]]
        continue
      }
      let isWhole =
        switch node.type {
        case "Cast": Self.castsToWholeNumbers(node)
        case "CastLike": inputs.count == 2 && whole.contains(inputs[1])
        default:
          always.contains(node.type) || !inputs.isEmpty && inputs.allSatisfy(whole.contains)
        }
      if isWhole { whole.formUnion(node.outputs) }
    }
    return graph
  }

  private static func castsToWholeNumbers(_ node: Node) -> Bool {
    guard case .integer(let code) = node.attributes["to"] else { return false }
    return ElementType(code: code)?.isFloat != true
  }
}
