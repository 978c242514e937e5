/// How validation images are taken out of a training set.
public enum SplitKind: String, CaseIterable, Sendable {
  /// A random choice, a function of the seed.
  case random
  /// The last ones of the file.
  case tail
  /// A random choice with the same number of every class.
  case balanced
}

/// A training set divided into images to train on and images to validate on.
public struct ImageSplit: Sendable {
  /// What is trained on.
  public let training: ImageSet
  /// What hypergradients come from.
  public let validation: ImageSet

  /// Holds `count` images out for validation, then cuts what is left down.
  ///
  /// In this order: the validation images are taken, the training images limited, the long tail cut, and
  /// labels made wrong. The validation images are the same whatever happens to the others.
  ///
  /// - Parameters:
  ///   - count: validation images, at least 1.
  ///   - trainLimit: train on the first this many of the others; nil: on all of them.
  ///   - imbalance: the factor of a `LongTail`; 1: every image stays.
  ///   - noise: which training labels are made wrong.
  ///   - seed: decides the random choices.
  /// - Throws: `SplitError` when there are not so many images.
  public init(
    _ images: ImageSet, validation count: Int, kind: SplitKind, trainLimit: Int?,
    imbalance: Double = 1, noise: LabelNoise = .none, seed: UInt64
  ) throws(SplitError) {
    guard images.count >= 2 else {
      throw SplitError.tooFewImages(set: images.name, available: images.count)
    }
    guard count >= 1, count < images.count else {
      throw SplitError.nothingToTrainOn(
        validation: count, set: images.name, available: images.count)
    }
    let left = images.count - count
    if let trainLimit, trainLimit > left {
      throw SplitError.limitAboveImages(
        limit: trainLimit, validation: count, set: images.name, available: images.count)
    }
    let order = try Self.order(of: images, holdingOut: count, kind: kind, seed: seed)
    let kept = try LongTail(imbalance: imbalance).cut(
      images.selecting(order[..<(trainLimit ?? left)]), seed: seed)
    training = noise.applied(to: kept, seed: seed)
    validation = images.selecting(order[left...])
  }
}
