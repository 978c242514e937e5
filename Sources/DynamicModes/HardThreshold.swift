import Glibc

/// Gavish and Donoho's optimal hard threshold for singular values under noise of unknown level.
///
/// Keep singular values above ω(β) · median, where β = short side / long side of the matrix,
///
///     ω(β) = λ*(β) / √μ_β,   λ*(β) = √(2(β + 1) + 8β / (β + 1 + √(β² + 14β + 1)))
///
/// and μ_β is the median of the Marchenko–Pastur law (arXiv 1305.5870, section III D). μ_β is
/// computed here rather than with the paper's cubic approximation, which is off by up to 0.02.
package struct HardThreshold {
  /// β in (0, 1].
  package let aspectRatio: Double

  package init(aspectRatio: Double) {
    precondition(aspectRatio > 0 && aspectRatio <= 1, "β is \(aspectRatio), not in (0, 1]")
    self.aspectRatio = aspectRatio
  }

  package init(rows: Int, columns: Int) {
    self.init(aspectRatio: Double(min(rows, columns)) / Double(max(rows, columns)))
  }

  /// The value above which singular values are signal.
  package func threshold(for singularValues: [Double]) -> Double {
    coefficient * Self.median(singularValues)
  }

  /// ω(β).
  package var coefficient: Double {
    knownNoiseCoefficient / medianOfMarchenkoPastur.squareRoot()
  }

  /// λ*(β), the coefficient for noise of known level.
  package var knownNoiseCoefficient: Double {
    let beta = aspectRatio
    let root = (beta * beta + 14 * beta + 1).squareRoot()
    return (2 * (beta + 1) + 8 * beta / (beta + 1 + root)).squareRoot()
  }

  /// μ_β: half of the mass of the Marchenko–Pastur law lies below it.
  ///
  /// With t = 1 + β + 2√β cos φ the law's density √((t₊ − t)(t − t₋)) / (2πβt) dt becomes (2/π)
  /// sin²φ / t dφ: smooth at both ends, and without cancellation however small β is.
  package var medianOfMarchenkoPastur: Double {
    var low = 0.0
    var high = Double.pi
    // 60 bisections of [0, π] determine the last bit.
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if shareAbove(angle: middle) < 0.5 { low = middle } else { high = middle }
    }
    return point(at: (low + high) / 2)
  }

  /// The mass of the law above t(φ), by Simpson's rule.
  private func shareAbove(angle: Double) -> Double {
    // The error is of order (π/256)⁴ times the density's fourth derivative: below 1e-9 for every β,
    // because the only steep point (φ = π at β = 1) lies beyond the median.
    let intervals = 256
    let width = angle / Double(intervals)
    var sum = 0.0
    for index in 0...intervals {
      let weight = index == 0 || index == intervals ? 1.0 : (index % 2 == 1 ? 4.0 : 2.0)
      sum += weight * density(at: Double(index) * width)
    }
    return sum * width / 3
  }

  private func density(at angle: Double) -> Double {
    let (sine, t) = (sin(angle), point(at: angle))
    return t > 0 ? 2 / Double.pi * sine * sine / t : 0
  }

  private func point(at angle: Double) -> Double {
    1 + aspectRatio + 2 * aspectRatio.squareRoot() * cos(angle)
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
