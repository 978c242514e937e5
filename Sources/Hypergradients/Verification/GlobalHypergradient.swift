import Glibc

/// The true global hypergradient of a window: h at the end of a long training with φ frozen.
///
/// The h of a single step is noisy, so it is averaged over the last A steps:
///
///     truth_j = 1/A Σ_t h_{t,j}        standard error_j = √(Σ_t (h_{t,j} − truth_j)² / (A (A − 1)))
///
/// Consecutive steps are correlated, so the actual error is somewhat larger.
public struct GlobalHypergradient: Equatable, Sendable {
  /// h of the averaged steps, `[A, q]` row-major.
  public let steps: [Double]
  /// Their mean, `[q]`.
  public let mean: [Double]
  /// The standard error of the mean, `[q]`; nil for a single step.
  public let standardError: [Double]?

  /// Averages some steps.
  ///
  /// - Parameters:
  ///   - steps: `[A, q]` row-major, at least one row.
  ///   - count: q, at least 1.
  public init(steps: [Double], count: Int) {
    precondition(
      !steps.isEmpty && steps.count % count == 0, "\(steps.count) numbers in rows of \(count)")
    let rows = steps.count / count
    let mean = (0..<count).map { j in
      (0..<rows).reduce(0) { $0 + steps[$1 * count + j] } / Double(rows)
    }
    self.steps = steps
    self.mean = mean
    standardError =
      rows == 1
      ? nil
      : (0..<count).map { j in
        let squares = (0..<rows).reduce(0) { sum, row in
          let difference = steps[row * count + j] - mean[j]
          return sum + difference * difference
        }
        return (squares / Double(rows * (rows - 1))).squareRoot()
      }
  }

  /// Whether the sign of entry j is significant given its noise; nil if the noise is unknown.
  public func isClear(_ j: Int) -> Bool? {
    standardError.map { abs(mean[j]) > $0[j] }
  }
}
