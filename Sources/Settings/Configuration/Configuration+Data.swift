import Datasets
import Hypergradients

extension Configuration {
  /// The examples: which, and how they are split and drawn.
  package struct Data: Equatable, Sendable {
    /// The set.
    package var set = DataSource.glyphs
    /// The user's own file to train on.
    package var train: DataPath?
    /// The user's own file to test on.
    package var test: DataPath?
    /// The user's own file to validate on.
    package var validationFile: DataPath?
    /// The targets of `train`, where that is a `.npy` file.
    package var trainTargets: DataPath?
    /// The targets of `test`, where that is a `.npy` file.
    package var testTargets: DataPath?
    /// The targets of `validationFile`, where that is a `.npy` file.
    package var validationTargets: DataPath?
    /// What the inputs are called in the files.
    package var inputs: String?
    /// What the targets are called in the files.
    package var targets: String?
    /// What the targets are.
    package var classes = ClassesRule.auto
    /// Bytes of an example of a text.
    package var context = 128
    /// How inputs are normalised.
    package var normalise = NormalisationRule.own
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
    /// The largest norm of a gradient; nil: gradients are not clipped.
    package var clip: Double?
    /// Images in a minibatch.
    package var batch = 128
    /// T: inner steps in all.
    package var steps = 1000
    /// What becomes of the learning rate over the steps, besides its tuning.
    package var schedule = RateScheduleKind.constant
    /// W: the first steps, over which the learning rate rises.
    package var warmup = 0
    /// Windows without a better validation loss after which training ends; nil: it never ends early.
    package var patience: Int?

    /// The defaults.
    package init() {}
  }
}

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
  /// A key that applies to the user's own data alone.
  private static func own<Value: SettingValue>(
    _ key: String, _ property: WritableKeyPath<Configuration, Value> & Sendable,
    _ sets: Set<DataSource>, legal: Legal<Value> = .all, unit: String? = nil, _ comment: String
  ) -> Setting {
    Setting(
      key, legal: legal, unit: unit, comment,
      get: { sets.contains($0.data.set) ? $0[keyPath: property] : nil },
      set: { $0[keyPath: property] = $1 })
  }

  package static let settings = [
    Setting(
      "data.set", \.data.set,
      "The set; glyphs are drawn by the program, files and text are your own (data.train), the "
        + "others are read from --data."),
    own(
      "data.train", \.data.train, [.files, .text],
      "What is trained on: .safetensors, .npz, .npy or .csv; with text: any file. Relative to the "
        + "configuration file."),
    own(
      "data.test", \.data.test, [.files, .text],
      "What is tested on; with text also null: a part of the training file."),
    own(
      "data.validation-file", \.data.validationFile, [.files],
      "What is validated on, with data.split: file."),
    own(
      "data.train-targets", \.data.trainTargets, [.files],
      "The targets of data.train, where that is a .npy file."),
    own(
      "data.test-targets", \.data.testTargets, [.files],
      "The targets of data.test, where that is a .npy file."),
    own(
      "data.validation-targets", \.data.validationTargets, [.files],
      "The targets of data.validation-file, where that is a .npy file."),
    own(
      "data.inputs", \.data.inputs, [.files],
      "What the inputs are called in the files, in a table the columns with commas between them; "
        + "null: inputs, in a table all columns but the targets'."),
    own(
      "data.targets", \.data.targets, [.files],
      "What the targets are called in the files, in a table the column; null: targets."),
    own(
      "data.classes", \.data.classes, [.files],
      "Whole numbers as targets are classes, as many as there are (auto) or as said here; none: they "
        + "are numbers."),
    own(
      "data.context", \.data.context, [.text], legal: .from(1, to: 1_000_000), unit: "bytes",
      "The length of an example of a text."),
    Setting(
      "data.normalise", \.data.normalise,
      "Inputs less the mean, divided by the deviation; standard: those of the training part, of each "
        + "channel or column; own: as the set usually is, files not at all. Bytes are divided by 255 "
        + "first."),
    Setting(
      "data.partial", \.data.partial,
      "Train also on a part of CIFAR: files with fewer images than the official ones, or the first "
        + "batches alone."),
    Setting(
      "data.validation", \.data.validation, legal: .from(1, to: 1_000_000_000), unit: "images",
      "Held out of the training images for the validation loss; the paper holds out 10 %. With "
        + "data.split: file not used."),
    Setting("data.order", \.data.order, "How minibatches are drawn."),
    Setting(
      "data.split", \.data.split,
      "Which images are held out; tail: the last ones; balanced: as many of every class; file: those "
        + "of data.validation-file."),
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
    Setting(
      "inner.optimizer", \.inner.optimizer, source: .paper,
      "What trains the network; adamw: Adam with decoupled weight decay."),
    Setting(
      "inner.clip", \.inner.clip, legal: Legal.range(.above(0)).orNull(), source: .ours,
      "Scale gradients down to this norm where they are longer, as hypergradients see; null: never."
    ),
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
      "inner.warmup", \.inner.warmup, legal: .range(TuningSettings.legalWarmups),
      unit: "inner steps", source: .ours,
      "The learning rate rises in a straight line over the first steps, before the schedule; 0: no "
        + "warm-up."),
    Setting(
      "inner.patience", \.inner.patience,
      legal: Legal.range(TuningSettings.legalPatiences).orNull(), unit: "windows", source: .ours,
      "End after so many windows (global-restart: trainings) without a better validation loss; "
        + "null: never."),
  ]
}

extension Configuration.Inner {
  /// What trains the network, with clipping.
  package var algorithm: any InnerOptimizer {
    guard let clip else { return optimizer.optimizer }
    return ClippedDescent(optimizer.optimizer, largestNorm: clip)
  }
}
