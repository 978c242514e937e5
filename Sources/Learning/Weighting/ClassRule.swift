import Glibc

/// A fixed rule that makes weights of classes from how many examples each has.
///
/// The weights are scaled so that their mean over all training examples is 1.
public enum ClassRule: Equatable, Sendable {
  /// All weights are 1.
  case equal
  /// w ∝ 1/n_c.
  case inverseFrequency
  /// w ∝ 1/√n_c.
  case sqrtInverseFrequency
  /// w ∝ (1 − β)/(1 − β^n_c) (Cui and others 2019, "Class-balanced loss based on effective number of
  /// samples").
  case effectiveNumber(beta: Double)

  /// β of `effective-number` without a number.
  public static let usualBeta = 0.9999

  /// ln w of every class.
  ///
  /// - Parameter sizes: the examples of every class; a class without any counts as one example.
  public func logWeights(sizes: [Int]) -> [Double] {
    let counts = sizes.map { Double(max(1, $0)) }
    let weights = counts.map { weight(count: $0) }
    guard self != .equal else { return weights.map { _ in 0 } }
    let total = zip(counts, weights).reduce(0.0) { $0 + $1.0 * $1.1 }
    let mean = total / counts.reduce(0, +)
    return weights.map { log($0 / mean) }
  }

  private func weight(count: Double) -> Double {
    switch self {
    case .equal: 1
    case .inverseFrequency: 1 / count
    case .sqrtInverseFrequency: 1 / count.squareRoot()
    case .effectiveNumber(let beta): (1 - beta) / -expm1(count * log(beta))
    }
  }
}

extension ClassRule: LosslessStringConvertible {
  /// The rule as configurations write it.
  public var description: String {
    switch self {
    case .equal: "equal"
    case .inverseFrequency: "inverse-frequency"
    case .sqrtInverseFrequency: "sqrt-inverse-frequency"
    case .effectiveNumber(let beta):
      beta == Self.usualBeta ? "effective-number" : "effective-number \(beta)"
    }
  }

  /// Reads a rule; nil for anything else, and for a β that is not between 0 and 1.
  public init?(_ description: String) {
    let words = description.split(whereSeparator: \.isWhitespace)
    switch (words.first, words.count) {
    case ("equal", 1): self = .equal
    case ("inverse-frequency", 1): self = .inverseFrequency
    case ("sqrt-inverse-frequency", 1): self = .sqrtInverseFrequency
    case ("effective-number", 1): self = .effectiveNumber(beta: Self.usualBeta)
    case ("effective-number", 2):
      guard let beta = Double(words[1]), beta > 0, beta < 1 else { return nil }
      self = .effectiveNumber(beta: beta)
    default: return nil
    }
  }
}
