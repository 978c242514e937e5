/// What a file says of the model: its nodes in the order of computation.
struct Graph: Sendable {
  /// The version of the operators of the default domain.
  var opset: Int
  /// What the model is given.
  var inputs: [GraphPort]
  /// What it gives.
  var outputs: [GraphPort]
  /// Sorted so that a node follows those whose results it takes.
  var nodes: [Node]
  /// Tensors by name, parameters and constants alike.
  ///
  /// An input of the same name is left out of `inputs`.
  var initializers: [String: HostTensor]

  /// Leaves out nodes that no output needs.
  ///
  /// - Returns: the names of the values that are needed.
  @discardableResult
  mutating func removeUnused() -> Set<String> {
    var used = Set(outputs.map(\.name))
    var kept: [Node] = []
    for node in nodes.reversed() where node.outputs.contains(where: used.contains) {
      used.formUnion(node.inputs)
      kept.append(node)
    }
    nodes = kept.reversed()
    initializers = initializers.filter { used.contains($0.key) }
    return used
  }
}

/// An input or an output of a model.
public struct GraphPort: Equatable, Sendable {
  /// The name in the file.
  public let name: String
  /// The type of the elements; nil if the file does not say.
  public let type: ElementType?
  /// The length of every axis; nil for an axis that is not fixed, such as the batch.
  ///
  /// Nil altogether if the file does not say.
  public let dimensions: [Int?]?
}

/// An operator with its arguments.
struct Node: Sendable {
  /// The place among the nodes of the file, from 0.
  var index: Int
  /// The name in the file; may be empty.
  var name: String
  /// Such as `MatMul`.
  var type: String
  /// Names of values; an optional input that is left out has an empty name.
  var inputs: [String]
  /// Names of values; an output that nobody reads may have an empty name.
  var outputs: [String]
  /// By name.
  var attributes: [String: Attribute]
  /// What PyTorch's newer exporter did to it.
  var rewrites: Set<Rewrite> = []

  /// A simplification that leaves out what could be trained.
  enum Rewrite: String, CaseIterable, Sendable {
    /// A batch normalisation was taken into it.
    case normalisation = "FuseBatchNormInto"
    /// A bias of zeros was left out.
    case bias = "RemoveOptionalBiasFrom"
  }
}

/// The value of an attribute.
enum Attribute: Equatable, Sendable {
  case float(Double)
  case integer(Int)
  case string(String)
  case floats([Double])
  case integers([Int])
  case strings([String])
  case tensor(HostTensor)
}
