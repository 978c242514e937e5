import Datasets
import Hypergradients

extension Configuration {
  /// The images: which, and how they are split and drawn.
  package struct Data: Equatable, Sendable {
    /// The set of images.
    package var set = DatasetName.glyphs
    /// Whether CIFAR may have fewer images than the official set.
    package var partial = false
    /// The images held out of the training file for L̃.
    package var validation = 600
    /// The order in which minibatches are drawn.
    package var order = DataOrder.shuffled
    /// Which images are held out.
    package var split = SplitKind.random
    /// Train on the first this many of the images left; nil for all.
    package var trainLimit: Int?
    /// IF of a long-tailed training set; 1 for a balanced one.
    package var imbalance = 1.0
    /// Which training labels are made wrong.
    package var labelNoise = LabelNoise.none
    /// Whether training images are mirrored left to right at random.
    package var flip = false
    /// The zero pixels around a training image before a part of its size is cut out at random.
    package var crop = 0

    /// The defaults.
    package init() {}
  }

  /// The training of the network.
  package struct Inner: Equatable, Sendable {
    /// Ω.
    package var optimizer = InnerOptimizerKind.sgd
    /// Images in a minibatch.
    package var batch = 128
    /// T: inner steps in all.
    package var steps = 1000
    /// What becomes of the learning rate over the steps, besides its tuning.
    package var schedule = RateScheduleKind.constant
    /// Windows without a better validation loss after which training ends; nil: it never ends early.
    package var patience: Int?

    /// The defaults.
    package init() {}
  }
}

extension DatasetName: SettingValue {}
extension DataOrder: SettingValue {}
extension SplitKind: SettingValue {}

extension LabelNoise: SettingValue {
  static var kind: String { "a share from 0 to below 1, such as 0.4, or pair SHARE" }
  static func read(_ scalar: YAMLScalar) -> LabelNoise? { scalar.text.flatMap { LabelNoise($0) } }
  package var printed: String {
    pattern == .symmetric ? share.printed : "\(pattern.rawValue) \(share.printed)"
  }
}

extension InnerOptimizerKind: SettingValue {}
extension RateScheduleKind: SettingValue {}

extension Configuration.Data {
  package static let settings = [
    Setting(
      "data.set", \.data.set,
      "The set; glyphs are drawn by the program, the others are read from --data."),
    Setting(
      "data.partial", \.data.partial,
      "Train also on a part of CIFAR: files with fewer images than the official ones, or the first "
        + "batches alone."),
    Setting(
      "data.validation", \.data.validation, legal: .from(1, to: 1_000_000_000), unit: "images",
      "Held out of the training images for the validation loss; the paper holds out 10 %."),
    Setting("data.order", \.data.order, "How minibatches are drawn."),
    Setting(
      "data.split", \.data.split,
      "Which images are held out; tail: the last ones; balanced: as many of every class."),
    Setting(
      "data.train-limit", \.data.trainLimit, legal: Legal.from(1, to: 1_000_000_000).orNull(),
      unit: "images", "Train on the first this many of the images left; null: on all."),
    Setting(
      "data.imbalance", \.data.imbalance, legal: .from(1, to: 1_000_000),
      "Class i of C keeps imbalance^(-i / (C - 1)) of the training images left: a long tail; 1: all."
    ),
    Setting(
      "data.label-noise", \.data.labelNoise,
      "The share of training images that get the label of any other class; pair SHARE: of the next "
        + "class. Validation and test images stay clean."),
    Setting(
      "data.flip", \.data.flip,
      "Mirror training images left to right at random. Not for digits: it makes others of them."),
    Setting(
      "data.crop", \.data.crop, legal: .from(0, to: 16), unit: "pixels",
      "Shift training images by up to this much in both directions at random, zeros moving in; 0: "
        + "never."),
  ]
}

extension Configuration.Inner {
  package static let settings = [
    Setting("inner.optimizer", \.inner.optimizer, source: .paper, "What trains the network."),
    Setting(
      "inner.batch", \.inner.batch, legal: .from(1, to: 1_000_000), unit: "images", source: .paper,
      "Images in a minibatch (paper: 128)."),
    Setting(
      "inner.steps", \.inner.steps, legal: .range(TuningSettings.legalSteps), unit: "inner steps",
      source: .ours, "T, a multiple of window.length (paper: 20000)."),
    Setting(
      "inner.schedule", \.inner.schedule, source: .ours,
      "What the learning rate is multiplied by besides its tuning; cosine: from 1 to 0 over T steps."
    ),
    Setting(
      "inner.patience", \.inner.patience,
      legal: Legal.range(TuningSettings.legalPatiences).orNull(), unit: "windows", source: .ours,
      "End after so many windows (global-restart: trainings) without a better validation loss; "
        + "null: never."),
  ]
}
