/// Sums in a fixed order, so that they have the same bits wherever they are taken.
public enum InnerProduct {
  /// ⟨x, y⟩ accumulated in double precision: 8 partial sums, then their sum, then the rest.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func accumulate<Number: Scalar>(
    _ x: UnsafePointer<Number>, _ y: UnsafePointer<Number>, count: Int
  ) -> Double {
    var partial = SIMD8<Double>(repeating: 0)
    let whole = count / 8 * 8
    var i = 0
    while i < whole {
      var a = SIMD8<Double>()
      var b = SIMD8<Double>()
      for lane in 0..<8 {
        a[lane] = Double(x[i + lane])
        b[lane] = Double(y[i + lane])
      }
      partial += a * b
      i += 8
    }
    var total = 0.0
    for lane in 0..<8 { total += partial[lane] }
    while i < count {
      total += Double(x[i]) * Double(y[i])
      i += 1
    }
    return total
  }
}
