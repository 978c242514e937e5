import Tensors

/// Wrong labels on purpose: a share of the training images gets the label of another class.
public struct LabelNoise: Equatable, Sendable {
  /// Which other class.
  public enum Pattern: String, CaseIterable, Sendable {
    /// Any of the others, all alike.
    case symmetric
    /// The next one; the first after the last.
    case pair
  }

  /// Which class a wrong label is of.
  public let pattern: Pattern
  /// The share of wrong labels, from 0 to below 1.
  public let share: Double

  /// No wrong labels.
  public static let none = LabelNoise(.symmetric, share: 0)

  /// Wrong labels.
  ///
  /// - Precondition: `share` is from 0 to below 1.
  public init(_ pattern: Pattern, share: Double) {
    precondition(share >= 0 && share < 1, "a share of \(share) wrong labels")
    (self.pattern, self.share) = (pattern, share)
  }

  /// The images with wrong labels among them, a function of the seed.
  ///
  /// One order serves all shares: a larger one keeps the wrong images of a smaller one.
  public func applied<Examples: SplittableSet>(to images: Examples, seed: UInt64) -> Examples {
    let classes = images.classes ?? 0
    let wrong = Int((share * Double(images.count)).rounded())
    guard wrong > 0, classes > 1 else { return images }
    var order = RandomStream(seed: seed, purpose: .labelNoise)
    var draws = RandomStream(seed: seed, purpose: .labelNoise, step: 1)
    var labels: [(image: Int, label: Int)] = []
    for image in order.permutation(count: images.count).lazy.map({ Int($0) }).prefix(wrong) {
      let shift =
        pattern == .pair ? 1 : 1 + min(classes - 2, Int(draws.uniform() * Double(classes - 1)))
      labels.append((image, (images.label(at: image) + shift) % classes))
    }
    return images.relabelled(labels)
  }
}

extension LabelNoise: LosslessStringConvertible {
  /// `0.4`, or `pair 0.4`.
  public var description: String {
    pattern == .symmetric ? "\(share)" : "\(pattern.rawValue) \(share)"
  }

  /// Reads a share, with its kind before it or without; nil for anything else.
  public init?(_ description: String) {
    let words = description.split(whereSeparator: \.isWhitespace)
    guard let last = words.last, let share = Double(last), share >= 0, share < 1 else { return nil }
    switch words.count {
    case 1: self.init(.symmetric, share: share)
    case 2:
      guard let pattern = Pattern(rawValue: String(words[0])) else { return nil }
      self.init(pattern, share: share)
    default: return nil
    }
  }
}
