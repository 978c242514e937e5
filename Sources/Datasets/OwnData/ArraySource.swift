/// Which files examples are read from, and what they are to be taken for.
public struct ArraySource: Equatable, Sendable {
  /// One part's files.
  public struct Part: Equatable, Sendable {
    /// The file with the inputs and, but for `.npy`, the targets.
    public let path: String
    /// The `.npy` file with the targets.
    public let targets: String?

    /// A part.
    public init(_ path: String, targets: String? = nil) {
      self.path = path
      self.targets = targets
    }
  }

  /// What of the targets is known before they are read.
  public enum Classes: Equatable, Sendable {
    /// Whole numbers are classes, as many as there are.
    case counted
    /// Whole numbers are classes, as many as this.
    case given(Int)
    /// The targets are numbers, whole or not.
    case none
  }

  /// How numbers are normalised.
  public enum Normalising: Equatable, Sendable {
    /// Not at all; bytes are divided by 255.
    case none
    /// By the statistics of the training part.
    case standard
    /// By these, for every entry or the same for all.
    case given(Normalisation)
  }

  /// What the inputs are to be taken for.
  public enum Layout: Equatable, Sendable {
    /// `[height, width]` and `[channels, height, width]` are images, everything else as in `plain`.
    case images
    /// Whole numbers but bytes are tokens, all else are numbers.
    case plain
    /// Whole numbers and bytes are tokens.
    case tokens
    /// Whole numbers are numbers, too.
    case numbers
  }

  /// What is trained on.
  public let train: Part
  /// What is tested on; of a text nil: a part of the training file.
  public let test: Part?
  /// What is validated on; nil: a part of what is trained on.
  public let validation: Part?
  /// What the inputs are called; nil: `inputs`, or in a table all columns but the targets'.
  public var inputs: String?
  /// What the targets are called; nil: `targets`.
  public var targets: String?
  /// What the targets are.
  public var classes = Classes.counted
  /// What the inputs are to be taken for.
  public var layout = Layout.plain

  /// Files with the usual names in them.
  public init(train: Part, test: Part?, validation: Part?) {
    (self.train, self.test, self.validation) = (train, test, validation)
  }
}
