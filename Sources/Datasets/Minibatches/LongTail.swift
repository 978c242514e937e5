import Foundation
import Tensors

/// A long-tailed training set: every class keeps fewer images than the one before.
///
///     kept_i = ⌊n_i · IF^(−i / (C − 1))⌋,   i = 0 … C − 1
///
/// with n_i the images of class i that are there and IF the imbalance factor, the ratio of the largest
/// to the smallest class of a balanced set (Cui and others 2019, "Class-balanced loss based on
/// effective number of samples"): from 5000 images a class, IF = 100 leaves 5000, 2997, 1796, … 50.
public struct LongTail: Equatable, Sendable {
  /// IF, at least 1; 1 keeps everything.
  public let imbalance: Double

  /// The long tail of an imbalance factor.
  ///
  /// - Precondition: `imbalance` is finite and at least 1.
  public init(imbalance: Double) {
    precondition(
      imbalance >= 1 && imbalance.isFinite, "an imbalance factor of \(imbalance) is below 1")
    self.imbalance = imbalance
  }

  /// How many images every class keeps of those that are there.
  public func keptCounts(of available: [Int]) -> [Int] {
    let last = Double(max(1, available.count - 1))
    return available.enumerated().map { index, count in
      let kept = Double(count) / pow(imbalance, Double(index) / last)
      // A quotient that is a whole number but for its rounding counts as that number, so that the
      // last bit of one C library's power does not decide over an image.
      return min(count, Int(kept * (1 + 1e-12)))
    }
  }

  /// The images that are kept, a random choice in the order of the set, a function of the seed.
  ///
  /// One permutation serves all factors: a larger one keeps a part of what a smaller one keeps.
  ///
  /// - Throws: `SplitError` when a class that has images would have none.
  public func cut<Examples: SplittableSet>(
    _ images: Examples, seed: UInt64
  ) throws(SplitError) -> Examples {
    guard imbalance > 1 else { return images }
    let available = images.classHistogram
    var left = keptCounts(of: available)
    if let empty = left.indices.first(where: { left[$0] == 0 && available[$0] > 0 }) {
      throw SplitError.classWithoutImages(
        imbalance: imbalance, label: empty, set: images.name, available: available[empty])
    }
    var stream = RandomStream(seed: seed, purpose: .longTail)
    var kept: [Int] = []
    for index in stream.permutation(count: images.count).lazy.map({ Int($0) }) {
      let label = images.label(at: index)
      guard left[label] > 0 else { continue }
      left[label] -= 1
      kept.append(index)
    }
    return images.selecting(kept.sorted())
  }
}
