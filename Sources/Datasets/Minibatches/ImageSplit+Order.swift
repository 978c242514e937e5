import Tensors

extension ImageSplit {
  /// All images of a set, those that are left to train on first, then the `count` that are held out.
  ///
  /// Both in the order of the file, so that the choice alone is random.
  ///
  /// - Throws: `SplitError` when a class has too few images for a balanced choice.
  static func order(
    of images: ImageSet, holdingOut count: Int, kind: SplitKind, seed: UInt64
  ) throws(SplitError) -> [Int] {
    if kind == .tail { return Array(0..<images.count) }
    var stream = RandomStream(seed: seed, purpose: .split)
    let permutation = stream.permutation(count: images.count).map { Int($0) }
    var left = permutation[..<(images.count - count)]
    var heldOut = permutation[(images.count - count)...]
    if kind == .balanced {
      var missing = try balancedCounts(images, count)
      left = []
      heldOut = []
      for index in permutation.reversed() {
        let label = images.label(at: index)
        if missing[label] > 0 {
          missing[label] -= 1
          heldOut.append(index)
        } else {
          left.append(index)
        }
      }
    }
    return left.sorted() + heldOut.sorted()
  }

  /// How many images of every class are held out: the same number of each.
  private static func balancedCounts(_ images: ImageSet, _ count: Int) throws(SplitError) -> [Int] {
    let classes = images.classCount
    guard count % classes == 0 else {
      throw SplitError.unevenShares(validation: count, classes: classes, set: images.name)
    }
    let share = count / classes
    let available = images.classHistogram
    if let short = available.indices.first(where: { available[$0] <= share }) {
      throw SplitError.classTooSmall(
        validation: count, share: share, label: short, set: images.name,
        available: available[short])
    }
    return Array(repeating: share, count: classes)
  }
}
