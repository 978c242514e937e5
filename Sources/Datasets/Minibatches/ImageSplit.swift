import Tensors

/// How validation images are taken out of a training set.
public enum SplitKind: String, CaseIterable, Sendable {
  /// A random choice, a function of the seed.
  case random
  /// The last ones of the file.
  case tail
}

/// A training set divided into images to train on and images to validate on.
public struct ImageSplit: Sendable {
  /// What is trained on.
  public let training: ImageSet
  /// What hypergradients come from.
  public let validation: ImageSet

  /// Holds `count` images out for validation.
  ///
  /// - Parameters:
  ///   - count: validation images, at least 1.
  ///   - trainLimit: train on the first this many of the others; nil: on all of them.
  ///   - seed: decides the random choice.
  /// - Throws: `SplitError` when there are not so many images.
  public init(
    _ images: ImageSet, validation count: Int, kind: SplitKind, trainLimit: Int?, seed: UInt64
  ) throws(SplitError) {
    guard count >= 1, count < images.count else {
      throw SplitError(
        description: "data.validation is \(count), but \(images.name) has \(images.count) training "
          + "images, and some must be left to train on. Choose data.validation below "
          + "\(images.count).")
    }
    let left = images.count - count
    if let trainLimit, trainLimit > left {
      throw SplitError(
        description: "data.train-limit is \(trainLimit), but only \(left) of the \(images.count) "
          + "training images of \(images.name) are left after \(count) for validation. Choose at "
          + "most \(left), or null for all.")
    }
    var order = Array(0..<images.count)
    if kind == .random {
      var stream = RandomStream(seed: seed, purpose: .split)
      order = stream.permutation(count: images.count).map { Int($0) }
      // In the order of the file, so that the split alone is random.
      order = order[..<left].sorted() + order[left...].sorted()
    }
    training = images.selecting(order[..<(trainLimit ?? left)])
    validation = images.selecting(order[left...])
  }
}

/// Why a split or its minibatches cannot be made: a sentence with the remedy.
public struct SplitError: Error, Equatable, CustomStringConvertible {
  /// One sentence and the remedy.
  public let description: String
}
