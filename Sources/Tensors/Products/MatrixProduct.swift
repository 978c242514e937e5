import COpenBLAS

/// One operand of a matrix product: row-major storage, read as stored or transposed.
public struct MatrixOperand<Number: Scalar> {
  /// The first element.
  public let pointer: UnsafePointer<Number>
  /// Elements from one stored row to the next.
  public let stride: Int
  /// Whether the product reads the transpose of the stored matrix.
  public let transposed: Bool

  /// An operand stored with `stride` elements per row.
  public init(_ pointer: UnsafePointer<Number>, stride: Int, transposed: Bool = false) {
    self.pointer = pointer
    self.stride = stride
    self.transposed = transposed
  }
}

extension Float {
  /// BLAS `sgemm`; C is a contiguous `[rows, columns]` matrix.
  public static func matrixProduct(
    _ a: MatrixOperand<Float>, _ b: MatrixOperand<Float>, into c: UnsafeMutablePointer<Float>,
    rows: Int, columns: Int, inner: Int, accumulate: Bool
  ) {
    cblas_sgemm(
      CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans,
      b.transposed ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1,
      a.pointer, blasint(a.stride), b.pointer, blasint(b.stride), accumulate ? 1 : 0, c,
      blasint(columns))
  }
}

extension Double {
  /// BLAS `dgemm`; C is a contiguous `[rows, columns]` matrix.
  public static func matrixProduct(
    _ a: MatrixOperand<Double>, _ b: MatrixOperand<Double>, into c: UnsafeMutablePointer<Double>,
    rows: Int, columns: Int, inner: Int, accumulate: Bool
  ) {
    matrixProduct(
      a, b, into: c, stride: columns, rows: rows, columns: columns, inner: inner,
      accumulate: accumulate)
  }

  /// BLAS `dgemm`; C is `[rows, columns]` with `stride` elements from one row to the next.
  static func matrixProduct(
    _ a: MatrixOperand<Double>, _ b: MatrixOperand<Double>, into c: UnsafeMutablePointer<Double>,
    stride: Int, rows: Int, columns: Int, inner: Int, accumulate: Bool
  ) {
    cblas_dgemm(
      CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans,
      b.transposed ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1,
      a.pointer, blasint(a.stride), b.pointer, blasint(b.stride), accumulate ? 1 : 0, c,
      blasint(stride))
  }
}
