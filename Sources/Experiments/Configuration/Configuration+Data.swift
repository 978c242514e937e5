import Hypergradients

extension Configuration {
  /// The images: which, and how they are split and drawn.
  public struct Data: Equatable, Sendable {
    /// The set of images.
    public var set = Set.glyphs
    /// The images held out of the training file for L̃.
    public var validation = 600
    /// The order in which minibatches are drawn.
    public var order = Order.shuffled
    /// Which images are held out.
    public var split = Split.random
    /// Train on the first this many of the images left; nil for all.
    public var trainLimit: Int?

    /// The defaults.
    public init() {}

    /// A set of images.
    public enum Set: String, CaseIterable, Sendable {
      /// Rendered by the program from strokes.
      case glyphs
      /// Handwritten digits.
      case mnist
      /// Cursive Japanese characters.
      case kmnist
      /// Articles of clothing.
      case fashionMnist = "fashion-mnist"
    }

    /// The order of the training images.
    public enum Order: String, CaseIterable, Sendable {
      /// A fresh permutation every epoch.
      case shuffled
      /// Minibatch t holds images (t·B + i) mod n, i = 0 … B − 1.
      case sequential
    }

    /// Which images of the training file are held out.
    public enum Split: String, CaseIterable, Sendable {
      /// Drawn with the seed.
      case random
      /// The last ones of the file.
      case tail
    }
  }

  /// The training of the network.
  public struct Inner: Equatable, Sendable {
    /// Ω.
    public var optimizer = InnerOptimizerKind.sgd
    /// Images in a minibatch.
    public var batch = 128
    /// T: inner steps in all.
    public var steps = 1000

    /// The defaults.
    public init() {}
  }
}

extension Configuration.Data.Set: SettingValue {}
extension Configuration.Data.Order: SettingValue {}
extension Configuration.Data.Split: SettingValue {}
extension InnerOptimizerKind: SettingValue {}

extension Configuration.Data {
  static let settings = [
    Setting(
      "data.set", \.data.set,
      "The set; glyphs are drawn by the program, the others are read from --data."),
    Setting(
      "data.validation", \.data.validation, legal: .from(1, to: 1_000_000_000), unit: "images",
      "Held out of the training images for the validation loss; the paper holds out 10 %."),
    Setting("data.order", \.data.order, "How minibatches are drawn."),
    Setting("data.split", \.data.split, "Which images are held out; tail: the last ones."),
    Setting(
      "data.train-limit", \.data.trainLimit, legal: Legal.from(1, to: 1_000_000_000).orNull(),
      unit: "images", "Train on the first this many of the images left; null: on all."),
  ]
}

extension Configuration.Inner {
  static let settings = [
    Setting("inner.optimizer", \.inner.optimizer, source: .paper, "What trains the network."),
    Setting(
      "inner.batch", \.inner.batch, legal: .from(1, to: 1_000_000), unit: "images", source: .paper,
      "Images in a minibatch (paper: 128)."),
    Setting(
      "inner.steps", \.inner.steps, legal: .from(1, to: 1_000_000_000), unit: "inner steps",
      source: .ours, "T, a multiple of window.length (paper: 20000)."),
  ]
}
