/// Sums and products of rows in 16 partial sums: in vectors, and in an order that is always the same.
public enum Reductions {
  @usableFromInline static var width: Int { 16 }

  /// Σ x_i.
  @inlinable @inline(__always)
  public static func sum<Number: Scalar>(_ x: UnsafePointer<Number>, count: Int) -> Number {
    let whole = count & ~(width - 1)
    var sums = SIMD16<Number>(repeating: 0)
    var i = 0
    while i < whole {
      for lane in 0..<width { sums[lane] += x[i + lane] }
      i += width
    }
    var total = sums.sum()
    while i < count {
      total += x[i]
      i += 1
    }
    return total
  }

  /// Σ x_i y_i.
  @inlinable @inline(__always)
  public static func dot<Number: Scalar>(
    _ x: UnsafePointer<Number>, _ y: UnsafePointer<Number>, count: Int
  ) -> Number {
    let whole = count & ~(width - 1)
    var sums = SIMD16<Number>(repeating: 0)
    var i = 0
    while i < whole {
      for lane in 0..<width { sums[lane] += x[i + lane] * y[i + lane] }
      i += width
    }
    var total = sums.sum()
    while i < count {
      total += x[i] * y[i]
      i += 1
    }
    return total
  }

  /// The largest of at least one number; that of others where some are NaN.
  @inlinable @inline(__always)
  public static func maximum<Number: Scalar>(_ x: UnsafePointer<Number>, count: Int) -> Number {
    let whole = count & ~(width - 1)
    var largest = x[0]
    var i = 0
    if whole > 0 {
      var lanes = SIMD16<Number>(repeating: x[0])
      while i < whole {
        for lane in 0..<width {
          lanes[lane] = x[i + lane] > lanes[lane] ? x[i + lane] : lanes[lane]
        }
        i += width
      }
      for lane in 0..<width where lanes[lane] > largest { largest = lanes[lane] }
    }
    while i < count {
      if x[i] > largest { largest = x[i] }
      i += 1
    }
    return largest
  }
}
