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
    law(of: parameter, in: GraphPlaces(graph))
  }

  /// The same for all parameters, in their order.
  public var laws: [ParameterLaw] {
    let places = GraphPlaces(graph)
    return parameters.map { law(of: $0, in: places) }
  }

  private func law(of parameter: Parameter, in places: GraphPlaces) -> ParameterLaw {
    let uses = TensorUses(of: parameter.name, parameter.dimensions, in: graph, places)
    if let bound = uses.productBound { return .uniform(bound: bound) }
    if let law = uses.laws.first { return law }
    guard let first = parameter.values.first, parameter.values.contains(where: { $0 != first })
    else { return .constant(parameter.values.first ?? 0) }
    let squares = parameter.values.reduce(0) { $0 + $1 * $1 }
    return .normal(deviation: (squares / Double(parameter.values.count)).squareRoot())
  }
}

/// Where values are made and taken.
private struct GraphPlaces {
  /// The node that makes a value.
  private(set) var makers: [String: Int] = [:]
  /// The nodes that take it, each as often as it does, with the places of the arguments.
  private(set) var users: [String: [(node: Int, argument: Int)]] = [:]

  init(_ graph: Graph) {
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs where makers[output] == nil { makers[output] = index }
      for (place, input) in node.inputs.enumerated() where !input.isEmpty {
        users[input, default: []].append((index, place))
      }
    }
  }
}

/// What becomes of an initializer in a graph.
private struct TensorUses {
  /// The bound of the first product that it takes part in.
  private(set) var productBound: Double?
  /// By the other uses.
  private(set) var laws: [ParameterLaw] = []

  private let graph: Graph
  private let places: GraphPlaces
  /// Values that a tensor is followed through, and arguments of a sum that are looked at.
  private static let most = 1000

  /// Operators that hand a tensor on, whole or in parts, with other shapes or types.
  private static let carriers: Set = [
    "Identity", "Cast", "CastLike", "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Slice",
    "Concat", "Split", "SplitToSequence", "SequenceAt", "Expand", "Flatten",
  ]
  private static let normalisations: Set = [
    "LayerNormalization", "InstanceNormalization", "GroupNormalization", "BatchNormalization",
    "RMSNormalization",
  ]

  init(of name: String, _ dimensions: [Int], in graph: Graph, _ places: GraphPlaces) {
    self.graph = graph
    self.places = places
    follow(name, dimensions)
  }

  /// What is still to be looked at; the next one is the last.
  private enum Step {
    case value(String, [Int]?)
    case use(node: Int, argument: Int, [Int]?)
  }

  /// - Parameter dimensions: the shape under that name; nil where it is not followed.
  private mutating func follow(_ name: String, _ dimensions: [Int]?) {
    var steps = [Step.value(name, dimensions)]
    var visited: Set<String> = []
    // Not by calls: a file may hand a tensor on a hundred thousand times.
    while let step = steps.popLast(), visited.count < Self.most {
      switch step {
      case .value(let name, let dimensions):
        guard visited.insert(name).inserted else { continue }
        for use in (places.users[name] ?? []).reversed() {
          steps.append(.use(node: use.node, argument: use.argument, dimensions))
        }
      case .use(let index, let place, let dimensions):
        let node = graph.nodes[index]
        for output in take(node, place, dimensions).reversed() where !output.isEmpty {
          steps.append(.value(output, Self.dimensions(dimensions, through: node)))
        }
      }
    }
  }

  /// Notes a use; gives the values in which the tensor is handed on.
  private mutating func take(_ node: Node, _ place: Int, _ dimensions: [Int]?) -> [String] {
    if Self.carriers.contains(node.type) {
      return place == 0 || node.type == "Concat" ? node.outputs : []
    }
    if Self.normalisations.contains(node.type), (1...2).contains(place) {
      laws.append(.constant(place == 1 ? 1 : 0))
    } else {
      takeLayer(node, place, dimensions)
    }
    return []
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
    let others = node.inputs.prefix(Self.most).enumerated().filter { $0.offset != place }
    let makers = Set(others.compactMap { places.makers[$0.element] }).sorted()
    let producers = makers.map { graph.nodes[$0] }
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
    guard depth < 8, let node = places.makers[name].map({ graph.nodes[$0] }),
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
