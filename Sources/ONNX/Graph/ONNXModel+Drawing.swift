/// How fresh initial values of a parameter are drawn.
public enum ParameterLaw: Equatable, Sendable {
  /// Uniform in ±bound.
  case uniform(bound: Double)
  /// Normal around 0.
  case normal(deviation: Double)
  /// All alike.
  case constant(Double)
}

extension ONNXModel {
  /// How PyTorch would draw a parameter that is used as this one is.
  ///
  /// A file does not say how its values were drawn, so the operator that takes a tensor decides:
  ///
  /// | use | law |
  /// |---|---|
  /// | weight of a product or a convolution, and the bias added to it | uniform in ±1/√(inputs of an output) |
  /// | a recurrent layer | uniform in ±1/√(hidden size) |
  /// | rows that are looked up | normal, deviation 1 |
  /// | gain of a normalisation, or a factor for each channel | 1 |
  /// | shift of a normalisation, or anything else added to each channel | 0 |
  /// | slope of PRelu | 0.25 |
  ///
  /// A tensor with another use is normal with the root mean square of the file's values, or stays as
  /// it is where all of them are alike. Of two uses that of a product counts.
  public func law(of parameter: Parameter) -> ParameterLaw {
    let uses = TensorUses(of: parameter.name, parameter.dimensions, in: graph)
    if let bound = uses.productBound { return .uniform(bound: bound) }
    if let law = uses.laws.first { return law }
    guard let first = parameter.values.first, parameter.values.contains(where: { $0 != first })
    else { return .constant(parameter.values.first ?? 0) }
    let squares = parameter.values.reduce(0) { $0 + $1 * $1 }
    return .normal(deviation: (squares / Double(parameter.values.count)).squareRoot())
  }
}

/// What becomes of an initializer in a graph.
private struct TensorUses {
  /// The bound of the first product that it takes part in.
  private(set) var productBound: Double?
  /// By the other uses.
  private(set) var laws: [ParameterLaw] = []

  private let graph: Graph
  private var visited: Set<String> = []

  /// Operators that hand a tensor on, whole or in parts, with other shapes or types.
  private static let carriers: Set = [
    "Identity", "Cast", "CastLike", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Slice",
    "Concat", "Split", "SplitToSequence", "SequenceAt", "Expand", "Flatten",
  ]
  private static let normalisations: Set = [
    "LayerNormalization", "InstanceNormalization", "GroupNormalization", "BatchNormalization",
    "RMSNormalization",
  ]

  init(of name: String, _ dimensions: [Int], in graph: Graph) {
    self.graph = graph
    follow(name, dimensions)
  }

  /// - Parameter dimensions: the shape under that name; nil where it is not followed.
  private mutating func follow(_ name: String, _ dimensions: [Int]?) {
    guard visited.insert(name).inserted else { return }
    for node in graph.nodes {
      for (place, input) in node.inputs.enumerated() where input == name {
        take(node, place, dimensions)
      }
    }
  }

  private mutating func take(_ node: Node, _ place: Int, _ dimensions: [Int]?) {
    if Self.carriers.contains(node.type) {
      guard place == 0 || node.type == "Concat" else { return }
      let after = Self.dimensions(dimensions, through: node)
      for output in node.outputs where !output.isEmpty { follow(output, after) }
    } else if Self.normalisations.contains(node.type), (1...2).contains(place) {
      laws.append(.constant(place == 1 ? 1 : 0))
    } else {
      takeLayer(node, place, dimensions)
    }
  }

  private mutating func takeLayer(_ node: Node, _ place: Int, _ dimensions: [Int]?) {
    switch (node.type, place) {
    case ("Conv", 1), ("ConvTranspose", 1), ("MatMul", _), ("Gemm", 0...1):
      note(Self.inputs(of: node, place, dimensions))
    case ("Conv", 2), ("ConvTranspose", 2), ("Gemm", 2): note(inputs(ofWeightOf: node))
    case ("GRU", 1...3), ("LSTM", 1...3), ("RNN", 1...3):
      if case .integer(let size)? = node.attributes["hidden_size"] { note(size) }
    case ("Gather", 0): laws.append(.normal(deviation: 1))
    case ("PRelu", 1): laws.append(.constant(0.25))
    case ("Add", _), ("Sum", _): takeSummand(node, place, dimensions)
    case ("Mul", _) where Self.isRow(dimensions): laws.append(.constant(1))
    default: break
    }
  }

  private mutating func takeSummand(_ node: Node, _ place: Int, _ dimensions: [Int]?) {
    guard Self.isRow(dimensions) else { return }
    let others = node.inputs.enumerated().filter { $0.offset != place }.map(\.element)
    let producers = graph.nodes.filter { !Set($0.outputs).isDisjoint(with: others) }
    let products = producers.filter { ["MatMul", "Gemm", "Conv"].contains($0.type) }
    if let inputs = products.lazy.compactMap(inputs(ofWeightOf:)).first {
      note(inputs)
    } else {
      laws.append(.constant(0))
    }
  }

  private mutating func note(_ inputs: Int?) {
    guard let inputs, inputs > 0, productBound == nil else { return }
    productBound = 1 / Double(inputs).squareRoot()
  }

  /// Whether at most one axis is longer than 1: a number for each channel.
  private static func isRow(_ dimensions: [Int]?) -> Bool {
    (dimensions?.filter { $0 != 1 }.count ?? 2) <= 1
  }

  /// How many inputs of the layer before an output of a product sums over.
  private static func inputs(of node: Node, _ place: Int, _ dimensions: [Int]?) -> Int? {
    guard let dimensions, dimensions.count >= 2 else { return nil }
    switch node.type {
    case "Gemm":
      let isTransposed = node.attributes[place == 1 ? "transB" : "transA"] == .integer(1)
      return dimensions[isTransposed == (place == 1) ? 1 : 0]
    case "MatMul": return dimensions[dimensions.count - (place == 1 ? 2 : 1)]
    default: return dimensions.dropFirst().reduce(1, *)
    }
  }

  /// The same for a product whose weight is an initializer, perhaps transposed before.
  private func inputs(ofWeightOf node: Node) -> Int? {
    for place in [1, 0] where place < node.inputs.count {
      if let dimensions = initializer(node.inputs[place], depth: 0) {
        return Self.inputs(of: node, place, dimensions)
      }
    }
    return nil
  }

  private func initializer(_ name: String, depth: Int) -> [Int]? {
    if let tensor = graph.initializers[name] { return tensor.dimensions }
    guard depth < 8, let node = graph.nodes.first(where: { $0.outputs.contains(name) }),
      Self.carriers.contains(node.type), let input = node.inputs.first
    else { return nil }
    return Self.dimensions(initializer(input, depth: depth + 1), through: node)
  }

  private static func dimensions(_ dimensions: [Int]?, through node: Node) -> [Int]? {
    guard let dimensions else { return nil }
    switch node.type {
    case "Identity", "Cast", "CastLike": return dimensions
    case "Transpose":
      guard case .integers(let order)? = node.attributes["perm"] else {
        return dimensions.reversed()
      }
      guard order.count == dimensions.count, order.allSatisfy(dimensions.indices.contains) else {
        return nil
      }
      return order.map { dimensions[$0] }
    // A row stays one.
    default: return isRow(dimensions) ? [dimensions.reduce(1, *)] : nil
    }
  }
}
