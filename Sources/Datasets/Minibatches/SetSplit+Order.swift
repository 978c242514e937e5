import Tensors

extension SetSplit {
  /// Which examples of a set are held out.
  ///
  /// A mark for each, so that both parts come out in the order of the file and the choice alone is
  /// random; a set may have tens of millions of examples.
  ///
  /// - Throws: `SplitError` when a class has too few examples for a balanced choice.
  static func heldOut(
    of images: Examples, _ count: Int, kind: SplitKind, seed: UInt64
  ) throws(SplitError) -> [Bool] {
    var marks = [Bool](repeating: false, count: images.count)
    if kind == .tail {
      for index in images.count - count..<images.count { marks[index] = true }
      return marks
    }
    var stream = RandomStream(seed: seed, purpose: .split)
    let permutation = stream.permutation(count: images.count)
    if kind == .balanced {
      var missing = try balancedCounts(images, count)
      for index in permutation.reversed() {
        let label = images.label(at: Int(index))
        if missing[label] > 0 {
          missing[label] -= 1
          marks[Int(index)] = true
        }
      }
    } else {
      for index in permutation[(images.count - count)...] { marks[Int(index)] = true }
    }
    return marks
  }

  /// How many images of every class are held out: the same number of each.
  private static func balancedCounts(_ images: Examples, _ count: Int) throws(SplitError) -> [Int] {
    guard let classes = images.classes else {
      throw SplitError.noClasses(.balancedSplit, set: images.name)
    }
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
