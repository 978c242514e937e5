/// Which tensors of a file are trained.
///
/// A file does not say it: parameters, buffers and folded constants are all initializers. The rule takes
/// those of floating-point numbers with at least one axis from which a differentiable path leads to an
/// output. So the statistics of a batch normalisation are not among them, nor is a mask that is only
/// compared. Of names such as `val_12`, which PyTorch gives to results that it computed beforehand, those
/// that hold one number or scale or shift an InstanceNormalization directly are not parameters either:
/// the former are constants of the formula, the latter the ones and zeros within a group normalisation.
/// The values of Constant nodes are constants.
struct ParameterRule {
  private let graph: Graph
  private let origins: [String: GraphReader.Origin]
  /// Values on a differentiable path to an output.
  private let differentiable: Set<String>
  /// Scales and shifts of instance normalisations.
  private let ofInstances: Set<String>
  /// Running means and variances of batch normalisations.
  private let statistics: Set<String>
  /// Tensors in the order of their first use.
  let order: [String]

  /// The rule for a graph.
  init(_ graph: Graph, _ origins: [String: GraphReader.Origin]) {
    self.graph = graph
    self.origins = origins
    var reached = Set(graph.outputs.map(\.name))
    for node in graph.nodes.reversed() {
      let rule = Differentiability(of: node)
      let isReached = node.outputs.enumerated().contains { index, output in
        rule.comesFrom(output: index) && reached.contains(output)
      }
      guard isReached else { continue }
      for (index, input) in node.inputs.enumerated() where rule.reaches(input: index) {
        reached.insert(input)
      }
    }
    differentiable = reached
    ofInstances = Set(
      graph.nodes.lazy.filter { $0.type == "InstanceNormalization" }
        .flatMap { $0.inputs.dropFirst() })
    statistics = Set(
      graph.nodes.lazy.filter { $0.type == "BatchNormalization" }.flatMap { $0.inputs.dropFirst(3) }
    )
    var seen: Set<String> = []
    let uses = graph.nodes.flatMap(\.inputs) + graph.outputs.map(\.name)
    order = uses.filter { graph.initializers[$0] != nil && seen.insert($0).inserted }
  }

  /// Whether a tensor is trained if nobody says otherwise.
  func isParameter(_ name: String) -> Bool {
    guard isTrainable(name), let tensor = graph.initializers[name], !tensor.dimensions.isEmpty,
      case .initializer = origins[name]
    else { return false }
    return !(TensorName(name).isNumbered && (tensor.count == 1 || ofInstances.contains(name)))
  }

  /// Whether a tensor can be trained at all.
  func isTrainable(_ name: String) -> Bool { obstacle(name) == nil }

  /// Why a tensor cannot be trained, as the end of a sentence about it; nil if it can.
  func obstacle(_ name: String) -> String? {
    guard let tensor = graph.initializers[name] else { return "is not used by the model" }
    guard tensor.type.isFloat else {
      return "has numbers of the type \(tensor.type.rawValue), which have no derivatives"
    }
    guard tensor.count > 0 else { return "has no numbers" }
    guard differentiable.contains(name) else {
      if statistics.contains(name) {
        return "is a running statistic of a batch normalisation, which follows the minibatches"
      }
      return "has no effect on the output by which it could be differentiated"
    }
    return nil
  }
}

/// What the name of a tensor tells of its origin.
struct TensorName {
  private let name: String

  /// A name.
  init(_ name: String) { self.name = name }

  /// `val_12`: PyTorch's newer exporter gives such names to what it computed beforehand.
  var isNumbered: Bool {
    let digits = name.utf8.dropFirst(4)
    return name.hasPrefix("val_") && !digits.isEmpty && digits.allSatisfy { (48...57).contains($0) }
  }

  /// Whether it may be the name of a result that an exporter computed beforehand.
  ///
  /// Such names are `val_12`, `onnx::MatMul_289`, `/attn/Transpose_output_0`, `t_3`. Parameters of
  /// modules have a full stop in their names, unless they belong to the outermost module.
  var mayBeComputed: Bool {
    isNumbered || name.contains("::") || name.contains("/") || !name.contains(".")
  }
}
