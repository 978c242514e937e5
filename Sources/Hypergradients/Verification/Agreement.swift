/// How well an estimate agrees with a reference, such as the true global hypergradient.
public struct Agreement: Equatable, Sendable {
  /// ⟨a, b⟩ / (‖a‖ ‖b‖), in [−1, 1]; nil if either vector is zero.
  public let cosine: Double?
  /// ‖estimate − truth‖ / ‖truth‖; nil if the truth is zero.
  public let relativeError: Double?
  /// Whether estimate and truth have the same sign, `[q]`; zero agrees only with zero.
  public let signs: [Bool]
  /// The fraction of components with the same sign.
  public var signShare: Double { Double(signs.count { $0 }) / Double(signs.count) }

  /// Compares two vectors of the same length, `[q]`.
  public init(of estimate: [Double], with truth: [Double]) {
    precondition(
      estimate.count == truth.count, "an estimate of \(estimate.count) for \(truth.count)")
    // Scaled by the largest magnitude, since squares of tiny numbers would underflow.
    let unit = max(1e-300, (estimate + truth).reduce(0) { max($0, abs($1)) })
    let (a, b) = (estimate.map { $0 / unit }, truth.map { $0 / unit })
    func product(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let norms = (product(a, a) * product(b, b)).squareRoot()
    cosine = norms > 0 ? min(1, max(-1, product(a, b) / norms)) : nil
    let difference = zip(a, b).map { $0 - $1 }
    let size = product(b, b).squareRoot()
    relativeError = size > 0 ? product(difference, difference).squareRoot() / size : nil
    signs = zip(a, b).map { $0 > 0 && $1 > 0 || $0 < 0 && $1 < 0 || $0 == 0 && $1 == 0 }
  }
}
