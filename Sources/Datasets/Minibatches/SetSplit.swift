/// How validation images are taken out of a training set.
public enum SplitKind: String, CaseIterable, Sendable {
  /// A random choice, a function of the seed.
  case random
  /// The last ones of the file.
  case tail
  /// A random choice with the same number of every class.
  case balanced
  /// None: they come from a file of their own.
  case file
}

/// A training set of images divided into those to train on and those to validate on.
public typealias ImageSplit = SetSplit<ImageSet>

/// A training set divided into examples to train on and examples to validate on.
public struct SetSplit<Examples: SplittableSet>: Sendable {
  /// What is trained on.
  public let training: Examples
  /// What hypergradients come from.
  public let validation: Examples

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
    _ images: Examples, validation count: Int, kind: SplitKind, trainLimit: Int?,
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
    precondition(kind != .file, "validation examples of a file are not held out")
    let heldOut = try Self.heldOut(of: images, count, kind: kind, seed: seed)
    let others = heldOut.indices.lazy.filter { !heldOut[$0] }
    training = try Self.cut(
      images.selecting(others.prefix(trainLimit ?? left)), imbalance, noise, seed: seed)
    validation = images.selecting(heldOut.indices.lazy.filter { heldOut[$0] })
  }

  /// Cuts a training set down whose validation examples are another set.
  ///
  /// - Throws: `SplitError` when there are not so many examples.
  public init(
    _ images: Examples, validation: Examples, trainLimit: Int?, imbalance: Double = 1,
    noise: LabelNoise = .none, seed: UInt64
  ) throws(SplitError) {
    if let trainLimit, trainLimit > images.count {
      throw SplitError.limitAboveImages(
        limit: trainLimit, validation: 0, set: images.name, available: images.count)
    }
    training = try Self.cut(
      trainLimit.map { images.selecting(0..<$0) } ?? images, imbalance, noise, seed: seed)
    self.validation = validation
  }

  private static func cut(
    _ images: Examples, _ imbalance: Double, _ noise: LabelNoise, seed: UInt64
  ) throws(SplitError) -> Examples {
    if images.classes == nil {
      if imbalance > 1 { throw SplitError.noClasses(.longTail, set: images.name) }
      if noise.share > 0 { throw SplitError.noClasses(.labelNoise, set: images.name) }
    }
    return noise.applied(to: try LongTail(imbalance: imbalance).cut(images, seed: seed), seed: seed)
  }
}
