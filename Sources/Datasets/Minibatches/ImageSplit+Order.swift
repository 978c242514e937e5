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
      let below = count - count % classes
      let choice = below > 0 ? "\(below) or \(below + classes)" : "\(classes)"
      throw SplitError(
        description: "data.validation is \(count), but with data.split: balanced every one of the "
          + "\(classes) classes of \(images.name) gives the same number. Choose \(choice).")
    }
    let share = count / classes
    let available = images.classHistogram
    if let short = available.indices.first(where: { available[$0] <= share }) {
      throw SplitError(
        description: "data.validation is \(count), \(share) images of each class with data.split: "
          + "balanced, but class \(short) of \(images.name) has \(available[short]), and some must "
          + "be left to train on. "
          + (share > 1 ? "Choose a smaller data.validation." : "Choose another data.split."))
    }
    return Array(repeating: share, count: classes)
  }
}
