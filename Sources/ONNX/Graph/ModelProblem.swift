/// Why a file cannot be trained, as facts about the file.
public struct ModelProblem: Error, Equatable, Sendable {
  /// The node, if the problem is one of a node: its name, or its place if it has none.
  public var node: String?
  /// The node's operator.
  public var type: String?
  /// What is wrong, and what would be right; no full stop at the end.
  public var text: String

  /// A problem of the whole file, or of a tensor that the text names.
  public init(_ text: String) { self.text = text }

  /// A problem of a node.
  init(_ node: Node, _ text: String) {
    self.node = node.name.isEmpty ? "number \(node.index)" : node.name
    type = node.type
    self.text = text
  }
}

extension ModelProblem: CustomStringConvertible {
  /// One sentence without a full stop.
  public var description: String {
    guard let node, let type else { return text }
    return "node \(node) (\(type)): \(text)"
  }
}

/// All that is wrong with a file.
public struct ModelProblems: Error, Equatable, Sendable {
  /// At least one, in the order of the file.
  public let problems: [ModelProblem]

  /// Some problems.
  public init(_ problems: [ModelProblem]) { self.problems = problems }
}
