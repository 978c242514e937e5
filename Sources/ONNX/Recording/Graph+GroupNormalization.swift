extension Graph {
  /// With group normalisations in place of what exporters write for them, and a rectifier behind one
  /// taken into it.
  ///
  /// Before opset 21 a group normalisation is `Reshape` to `[batch, groups, −1]`, `InstanceNormalization`
  /// by ones and zeros, `Reshape` to the shape of before, `Mul` and `Add` by `[channels, 1, 1]`.
  var withGroupNormalizations: Graph {
    var graph = self
    let search = GroupNormalizationSearch(self)
    var replaced: [Int: Node] = [:]
    for (place, node) in nodes.enumerated() where node.type == "InstanceNormalization" {
      guard let found = search.normalization(at: place) else { continue }
      replaced[found.place] = found.node
    }
    for (place, node) in replaced { graph.nodes[place] = node }
    return graph
  }
}

/// Finds group normalisations.
private struct GroupNormalizationSearch {
  private let graph: Graph
  private var makers: [String: Int] = [:]
  private var readers: [String: [Int]] = [:]

  init(_ graph: Graph) {
    self.graph = graph
    for (place, node) in graph.nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { makers[output] = place }
      for input in node.inputs where !input.isEmpty { readers[input, default: []].append(place) }
    }
    for output in graph.outputs { readers[output.name, default: []].append(-1) }
  }

  /// The normalisation that an `InstanceNormalization` is the middle of, and the place of its last node.
  func normalization(at middle: Int) -> (place: Int, node: Node)? {
    let instance = graph.nodes[middle]
    guard instance.inputs.count == 3, number(instance.inputs[1]) == 1,
      number(instance.inputs[2]) == 0,
      let first = maker(of: instance.inputs[0], "Reshape"), first.inputs.count == 2,
      let second = reader(of: instance, "Reshape"), second.node.inputs.count == 2,
      restores(second.node.inputs[1], the: first.inputs[0]),
      let product = reader(of: second.node, "Mul"),
      let scale = other(product.node, than: second.node.outputs[0]),
      let sum = reader(of: product.node, "Add"),
      let shift = other(sum.node, than: product.node.outputs[0]),
      let gamma = channels(scale), let beta = channels(shift), gamma.count == beta.count,
      let groups = groups(first.inputs[1], channels: gamma.count)
    else { return nil }
    var node = instance
    node.type = FusedGroupNormalization.type
    node.inputs = [first.inputs[0], gamma.name, beta.name]
    node.attributes = [
      "num_groups": .integer(groups), FusedGroupNormalization.slope: .float(1),
      "epsilon": instance.attributes["epsilon"] ?? .float(1e-5),
      FusedGroupNormalization.owns: .integer(gamma.isOwn && beta.isOwn ? 1 : 0),
    ]
    var last = sum
    if let rectifier = reader(of: sum.node, "Relu") {
      node.attributes[FusedGroupNormalization.slope] = .float(0)
      last = rectifier
    } else if let rectifier = reader(of: sum.node, "LeakyRelu") {
      let slope = rectifier.node.attributes["alpha"] ?? .float(0.01)
      if case .float(let number) = slope, number > 0 {
        node.attributes[FusedGroupNormalization.slope] = slope
        last = rectifier
      }
    }
    node.outputs = last.node.outputs
    return (last.place, node)
  }

  private func maker(of name: String, _ type: String) -> Node? {
    guard let place = makers[name], graph.nodes[place].type == type else { return nil }
    return graph.nodes[place]
  }

  /// The one node that reads a node's result, if it is of a type.
  private func reader(of node: Node, _ type: String) -> (place: Int, node: Node)? {
    guard let output = node.outputs.first, let places = readers[output], places.count == 1,
      let place = places.first, place >= 0, graph.nodes[place].type == type
    else { return nil }
    return (place, graph.nodes[place])
  }

  /// The other argument of a node with two.
  private func other(_ node: Node, than name: String) -> String? {
    guard node.inputs.count == 2, node.inputs.contains(name) else { return nil }
    return node.inputs[0] == name ? node.inputs[1] : node.inputs[0]
  }

  /// Whether a shape is that of a value: `Shape` of it, and nothing else.
  private func restores(_ shape: String, the value: String) -> Bool {
    guard let node = maker(of: shape, "Shape") else { return false }
    return node.inputs == [value] && node.attributes["start"] ?? .integer(0) == .integer(0)
      && node.attributes["end"] == nil
  }

  /// The number that all elements of a constant are, whatever their shape.
  private func number(_ name: String, depth: Int = 0) -> Double? {
    if let tensor = graph.initializers[name] {
      guard case .floats(let values) = tensor.elements, let first = values.first,
        values.allSatisfy({ $0 == first })
      else { return nil }
      return first
    }
    guard depth < 16, let place = makers[name] else { return nil }
    let node = graph.nodes[place]
    switch node.type {
    case "Expand", "CastLike", "Identity", "Reshape", "Unsqueeze", "Squeeze":
      return node.inputs.first.flatMap { number($0, depth: depth + 1) }
    default: return nil
    }
  }

  /// A tensor of the file with one number a channel, behind `[channels, 1, …]`.
  private func channels(_ name: String) -> (name: String, count: Int, isOwn: Bool)? {
    var name = name
    var unsqueezed = 0
    var isOwn = readers[name]?.count == 1
    for _ in 0..<8 {
      guard let place = makers[name], let source = graph.nodes[place].inputs.first else { break }
      let node = graph.nodes[place]
      switch node.type {
      case "CastLike", "Identity": break
      case "Unsqueeze":
        // Further axes behind the first.
        guard let axes = axes(of: node), axes.allSatisfy({ $0 > 0 || $0 == -1 }) else { return nil }
        unsqueezed += axes.count
      default: return nil
      }
      name = source
      isOwn = isOwn && readers[name]?.count == 1
    }
    guard let tensor = graph.initializers[name], tensor.dimensions.count + unsqueezed == 3,
      tensor.dimensions.dropFirst().allSatisfy({ $0 == 1 }), let count = tensor.dimensions.first
    else { return nil }
    return (name, count, isOwn)
  }

  private func axes(of node: Node) -> [Int]? {
    if case .integers(let axes) = node.attributes["axes"] { return axes }
    guard node.inputs.count == 2 else { return nil }
    return graph.initializers[node.inputs[1]]?.wholeNumbers
  }

  /// The groups of a shape `[batch, groups, −1]`.
  private func groups(_ shape: String, channels: Int) -> Int? {
    guard let tensor = graph.initializers[shape], case .integers(let numbers) = tensor.elements,
      numbers.count == 3, numbers[2] == -1, numbers[0] == 0, numbers[1] > 0,
      let groups = Int(exactly: numbers[1]), channels % groups == 0
    else { return nil }
    return groups
  }
}
