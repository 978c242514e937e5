import Datasets
import Hypergradients
import Learning
import Networks
import Settings

/// The examples of a configuration, split into what is trained on, validated on and tested on.
package enum ExperimentData {
  /// A whole set as its files have it.
  package enum Whole: Sendable {
    /// A set that the program knows.
    case images(train: ImageSet, test: ImageSet)
    /// The user's own.
    case arrays(ArraySets)

    /// What is trained on, before it is split.
    package var train: any DataPart {
      switch self {
      case .images(let train, _): train
      case .arrays(let sets): sets.train.part()
      }
    }
  }

  /// Loads and splits them.
  ///
  /// - Throws: `DatasetError` about a file, `SplitError` about a number of examples.
  package static func load(_ configuration: Configuration, folder: String?) throws -> SplitData {
    try split(whole(configuration, folder: folder), configuration)
  }

  /// Loads a whole set.
  ///
  /// - Throws: `DatasetError` about a file, `RunError` about a user's own model, which says what the
  ///   examples are to be taken for.
  package static func whole(
    _ configuration: Configuration, folder: String?
  ) throws -> Whole {
    let data = configuration.data
    if let known = data.set.known {
      let (train, test) = try known.load(folder: folder, allowsFewer: data.partial)
      return .images(train: train, test: test)
    }
    let train = data.train?.path ?? ""
    if data.set == .text {
      return .arrays(
        try ArraySets(
          text: train, test: data.test?.path, context: data.context, validation: data.validation))
    }
    return .arrays(try ArraySets(configuration.arraySource()))
  }

  /// Splits a set that has been loaded.
  ///
  /// - Throws: `SplitError` about a number of examples, `DatasetError` about what normalising meets.
  package static func split(_ whole: Whole, _ configuration: Configuration) throws -> SplitData {
    let data = configuration.data
    let augmentation = Augmentation(flip: data.flip, crop: data.crop, seed: configuration.seed)
    switch whole {
    case .images(let train, let test):
      let split = try ImageSplit(
        train, validation: data.validation, kind: data.split, trainLimit: data.trainLimit,
        imbalance: data.imbalance, noise: data.labelNoise, seed: configuration.seed)
      return SplitData(
        try SplitImages(
          training: split.training, validation: split.validation, test: test,
          augmentation: augmentation
        ).normalised(data.normalise))
    case .arrays(let sets):
      if data.flip || data.crop > 0, !sets.train.isImages {
        throw RunError(
          "\(data.flip ? "data.flip" : "data.crop") changes images, and the inputs of "
            + "\(sets.train.name) are none. Leave it out.")
      }
      let split = try divide(sets, configuration)
      return SplitData(
        try ArraySplit(
          training: split.training, validation: split.validation, test: sets.test,
          normalising: data.normalise.normalising),
        augmentation: augmentation)
    }
  }

  private static func divide(
    _ sets: ArraySets, _ configuration: Configuration
  ) throws -> SetSplit<ArraySet> {
    let data = configuration.data
    return try words(for: sets.train.part().noun) { () throws(SplitError) in
      guard let validation = sets.validation else {
        return try sets.train.split(
          validation: data.validation, kind: data.split, trainLimit: data.trainLimit,
          imbalance: data.imbalance, noise: data.labelNoise, seed: configuration.seed)
      }
      return try sets.train.split(
        validation: validation, trainLimit: data.trainLimit, imbalance: data.imbalance,
        noise: data.labelNoise, seed: configuration.seed)
    }
  }

  /// Does what counts examples; an error speaks of images only where they are some.
  static func words<Value>(
    for noun: String, _ work: () throws(SplitError) -> Value
  ) throws -> Value {
    do throws(SplitError) {
      return try work()
    } catch {
      if noun == "image" { throw error }
      throw RunError(error.sentence.replacing(" image", with: " \(noun)"))
    }
  }
}

extension Configuration {
  /// Which files the examples are read from, and what they are to be taken for.
  fileprivate func arraySource() throws(RunError) -> ArraySource {
    func part(_ path: DataPath?, _ targets: DataPath?) -> ArraySource.Part? {
      path.map { ArraySource.Part($0.path, targets: targets?.path) }
    }
    var source = ArraySource(
      train: part(data.train, data.trainTargets) ?? ArraySource.Part(""),
      test: part(data.test, data.testTargets),
      validation: data.split == .file ? part(data.validationFile, data.validationTargets) : nil)
    source.inputs = data.inputs
    source.targets = data.targets
    source.classes =
      switch data.classes {
      case .auto: .counted
      case .none: .none
      case .given(let count): .given(count)
      }
    source.layout = try layout()
    return source
  }

  /// What inputs are to be taken for.
  private func layout() throws(RunError) -> ArraySource.Layout {
    guard let path = network.path else { return network.takesImages ? .images : .plain }
    guard let input = try graph(path).inputs.first, let type = input.type else { return .plain }
    if !type.isFloat { return .tokens }
    return input.dimensions?.count == 4 ? .images : .numbers
  }
}

extension NormalisationRule {
  /// The rule for a user's own data.
  fileprivate var normalising: ArraySource.Normalising {
    switch self {
    case .own, .none: .none
    case .standard: .standard
    case .given(let normalisation): .given(normalisation)
    }
  }
}

extension SplitImages {
  /// The images seen through another normalisation than their set's own.
  fileprivate func normalised(_ rule: NormalisationRule) throws(RunError) -> SplitImages {
    let normalisation: Normalisation
    let channels = training.channels
    switch rule {
    case .own: return self
    case .none:
      normalisation = Normalisation(
        mean: Array(repeating: 0, count: channels), deviation: Array(repeating: 1, count: channels))
    case .standard: normalisation = training.statistics()
    case .given(let given):
      guard given.channels == 1 || given.channels == channels else {
        throw RunError(
          "data.normalise has \(given.channels) means, but the images of \(training.name) have "
            + "\(channels) channel(s). Give one mean and one deviation, or one for each channel.")
      }
      normalisation =
        given.channels == channels
        ? given
        : Normalisation(
          mean: Array(repeating: given.mean[0], count: channels),
          deviation: Array(repeating: given.deviation[0], count: channels))
    }
    return SplitImages(
      training: training.normalised(by: normalisation),
      validation: validation.normalised(by: normalisation),
      test: test.normalised(by: normalisation), augmentation: augmentation)
  }
}
