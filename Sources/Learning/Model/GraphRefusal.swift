import ONNX

/// Why a model from a file cannot be trained on some examples.
public struct GraphRefusal: Error, Equatable, CustomStringConvertible {
  /// One sentence about the file, without a full stop, ready to follow its name.
  public let description: String
  /// How many further problems of the file there are.
  public let others: Int

  /// A refusal with its sentence.
  init(_ description: String) {
    self.description = description
    others = 0
  }

  /// The first of several problems of a file.
  public init(_ problems: ModelProblems) {
    description = problems.problems.first?.description ?? "cannot be read"
    others = max(0, problems.problems.count - 1)
  }
}
