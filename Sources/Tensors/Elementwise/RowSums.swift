/// Sums over and along the rows of a `[rows, columns]` matrix, in a fixed order.
public enum RowSums {
  /// y ← x + b, with b added to every row.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func addRow<Number: Scalar>(
    _ b: UnsafePointer<Number>, to x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    rows: Int, columns: Int
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        y[row * columns + column] = x[row * columns + column] + b[column]
      }
    }
  }

  /// b ← (or ← b + if `accumulate`) the sum of all rows of x.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func sumRows<Number: Scalar>(
    _ x: UnsafePointer<Number>, into b: UnsafeMutablePointer<Number>, rows: Int, columns: Int,
    accumulate: Bool
  ) {
    if !accumulate { Elementwise.fill(b, count: columns, with: 0) }
    for row in 0..<rows {
      for column in 0..<columns { b[column] += x[row * columns + column] }
    }
  }

  /// Σ x_i, first to last.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  public static func total<Number: Scalar>(_ x: UnsafePointer<Number>, count: Int) -> Number {
    var total: Number = 0
    for i in 0..<count { total += x[i] }
    return total
  }
}
