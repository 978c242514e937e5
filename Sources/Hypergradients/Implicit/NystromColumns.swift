import DynamicModes
import Tensors

/// Some columns of a symmetric matrix, and the small system that represents the whole matrix.
struct NystromColumns<Number: Scalar> {
  /// c: the column indices, all different.
  let indices: [Int]
  /// H_c, `[K][p]`.
  let columns: [UnsafePointer<Number>]
  /// The ranges of θ and the diagonal D in each.
  let layers: [(Range<Int>, Double)]

  /// (H_cc + H_cᵀ D⁻¹ H_c)⁻¹ H_cᵀ D⁻¹ b, `[K]`.
  ///
  /// The minimum-norm solution if there are several, as when the loss does not depend on a drawn
  /// parameter.
  ///
  /// - Parameter scaledTarget: D⁻¹ b, `[p]`.
  /// - Throws: `FactorizationError`
  func weights(scaledTarget: UnsafePointer<Number>) throws -> [Double] {
    let count = columns.count
    var system = Matrix(zeros: count, count)
    var right = Matrix(zeros: count, 1)
    for i in 0..<count {
      for j in 0...i {
        // Rounding makes H_cc slightly asymmetric.
        var sum = 0.5 * (Double(columns[i][indices[j]]) + Double(columns[j][indices[i]]))
        for (range, diagonal) in layers {
          sum +=
            orderedProduct(
              columns[i] + range.lowerBound, columns[j] + range.lowerBound, count: range.count)
            / diagonal
        }
        system[i, j] = sum
        system[j, i] = sum
      }
      for (range, _) in layers {
        right[i, 0] += orderedProduct(
          columns[i] + range.lowerBound, scaledTarget + range.lowerBound, count: range.count)
      }
    }
    return try leastSquares(system, right, cutoff: Double(Number.ulpOfOne)).column(0)
  }
}

extension NystromColumns {
  /// Distinct indices below `bound`, in the order they are drawn.
  static func draw(_ count: Int, of bound: Int, seed: UInt64, step: Int) -> [Int] {
    var stream = RandomStream(seed: seed, purpose: .hessianColumns, step: step)
    var seen: Set<Int> = []
    var drawn: [Int] = []
    while drawn.count < count {
      let index = stream.integer(below: bound)
      if seen.insert(index).inserted { drawn.append(index) }
    }
    return drawn
  }
}
