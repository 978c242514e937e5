/// The contents of a data set's examples, as far as a built-in model depends on them.
public struct ExampleDescription: Hashable, Sendable {
  /// The field that a model takes.
  public let input: ExampleField
  /// The field that its answer is compared with.
  public let target: ExampleField
  /// The number of different input tokens; 0 if the inputs are not tokens.
  public let vocabulary: Int
  /// The number of classes of an example or of each of its positions; 0 if the targets are numbers.
  public let classes: Int

  /// A description.
  public init(input: ExampleField, target: ExampleField, vocabulary: Int = 0, classes: Int = 0) {
    self.input = input
    self.target = target
    self.vocabulary = vocabulary
    self.classes = classes
  }

  /// Both fields.
  public var fields: [ExampleField] { [input, target] }

  /// Whether each example has one class.
  public var hasClasses: Bool { classes > 0 && target.kind == .integers([]) }
}
