import CLAPACKE

/// A LAPACK routine reported failure.
///
/// Never leaves the module: `estimateSteadyState` converts it to a `FallbackReason`.
package struct FactorizationError: Error, Equatable {
  /// The routine's name, for example `dgesdd`.
  package let routine: String
  /// LAPACK's `info`: positive if an iteration did not converge, negative for an invalid argument.
  package let info: Int

  /// Throws if the return code reports failure; the only place where this happens.
  static func check(_ routine: String, _ info: Int32) throws(FactorizationError) {
    guard info == 0 else { throw FactorizationError(routine: routine, info: Int(info)) }
  }
}

private func letter(_ character: Unicode.Scalar) -> CChar { CChar(UInt8(ascii: character)) }

/// A thin singular value decomposition A = U Σ Vᵀ with k = min(rows, columns) columns.
package struct SingularValues {
  /// U, rows × k.
  package var left: Matrix
  /// The diagonal of Σ, descending.
  package var values: [Double]
  /// Vᵀ, k × columns.
  package var rightTransposed: Matrix

  /// Decomposes with `dgesdd`; if that fails, with the slower but more robust `dgesvd`.
  package init(of matrix: Matrix) throws(FactorizationError) {
    do throws(FactorizationError) {
      try self.init(byDivideAndConquer: matrix)
    } catch {
      try self.init(byIteration: matrix)
    }
  }

  package init(byDivideAndConquer matrix: Matrix) throws(FactorizationError) {
    self.init(unfilledFor: matrix)
    var a = matrix.elements
    try FactorizationError.check(
      "dgesdd",
      LAPACKE_dgesdd(
        LAPACK_COL_MAJOR, letter("S"), Int32(matrix.rows), Int32(matrix.columns), &a,
        Int32(matrix.rows), &values, &left.elements, Int32(left.rows), &rightTransposed.elements,
        Int32(rightTransposed.rows)))
  }

  package init(byIteration matrix: Matrix) throws(FactorizationError) {
    self.init(unfilledFor: matrix)
    var a = matrix.elements
    var unconverged = Array(repeating: 0.0, count: max(values.count, 1))
    try FactorizationError.check(
      "dgesvd",
      LAPACKE_dgesvd(
        LAPACK_COL_MAJOR, letter("S"), letter("S"), Int32(matrix.rows), Int32(matrix.columns), &a,
        Int32(matrix.rows), &values, &left.elements, Int32(left.rows), &rightTransposed.elements,
        Int32(rightTransposed.rows), &unconverged))
  }

  private init(unfilledFor matrix: Matrix) {
    let count = min(matrix.rows, matrix.columns)
    precondition(count > 0, "a \(matrix.rows) × \(matrix.columns) matrix has no singular values")
    left = Matrix(zeros: matrix.rows, count)
    values = Array(repeating: 0, count: count)
    rightTransposed = Matrix(zeros: count, matrix.columns)
  }
}

/// A thin QR factorization A = Q R with k = min(rows, columns) columns of Q (`dgeqrf`, `dorgqr`).
package struct OrthogonalFactorization {
  /// Q, rows × k.
  package let orthogonal: Matrix
  /// R, k × columns, upper triangular.
  package let triangular: Matrix

  package init(of matrix: Matrix) throws(FactorizationError) {
    let (rows, columns) = (matrix.rows, matrix.columns)
    let count = min(rows, columns)
    var a = matrix.elements
    var reflectors = Array(repeating: 0.0, count: count)
    try FactorizationError.check(
      "dgeqrf",
      LAPACKE_dgeqrf(
        LAPACK_COL_MAJOR, Int32(rows), Int32(columns), &a, Int32(rows), &reflectors))
    var r = Matrix(zeros: count, columns)
    for column in 0..<columns {
      for row in 0...min(column, count - 1) { r[row, column] = a[row + column * rows] }
    }
    a.removeLast(rows * (columns - count))
    try FactorizationError.check(
      "dorgqr",
      LAPACKE_dorgqr(
        LAPACK_COL_MAJOR, Int32(rows), Int32(count), Int32(count), &a, Int32(rows), reflectors))
    orthogonal = Matrix(rows: rows, columns: count, elements: a)
    triangular = r
  }
}

/// The eigenvalues and right eigenvectors of a real square matrix, in the real form of `dgeev`.
package struct Eigensystem {
  package let real: [Double]
  /// The imaginary parts; conjugate pairs are adjacent, positive imaginary part first.
  package let imaginary: [Double]
  /// A real eigenvalue's eigenvector in its column; for a pair, Re w in the first and Im w in the
  /// second.
  package let vectors: Matrix

  package init(of matrix: Matrix) throws(FactorizationError) {
    let n = matrix.rows
    precondition(n == matrix.columns, "eigenvalues of a \(n) × \(matrix.columns) matrix")
    var a = matrix.elements
    var real = Array(repeating: 0.0, count: n)
    var imaginary = real
    var vectors = Matrix(zeros: n, n)
    try FactorizationError.check(
      "dgeev",
      LAPACKE_dgeev(
        LAPACK_COL_MAJOR, letter("N"), letter("V"), Int32(n), &a, Int32(n), &real, &imaginary, nil,
        Int32(n), &vectors.elements, Int32(n)))
    self.real = real
    self.imaginary = imaginary
    self.vectors = vectors
  }

  /// The spectral radius: the largest |λ|.
  package var radius: Double {
    zip(real, imaginary).reduce(0) { max($0, Complex($1.0, $1.1).modulus) }
  }
}

/// The minimum-norm X that minimises ‖A X − B‖, with `dgelsd`.
///
/// - Parameter cutoff: singular values of A below this fraction of the largest count as zero.
package func leastSquares(
  _ a: Matrix, _ b: Matrix, cutoff: Double
) throws(FactorizationError) -> Matrix {
  precondition(a.rows == b.rows, "\(a.rows) equations and \(b.rows) right-hand sides")
  // LAPACKE itself rejects NaN (argument 5); an infinity would turn into a NaN further inside.
  guard a.elements.allSatisfy(\.isFinite) else {
    throw FactorizationError(routine: "dgelsd", info: -5)
  }
  let height = max(a.rows, a.columns)
  var matrix = a.elements
  var solution = Matrix(zeros: height, b.columns)
  for column in 0..<b.columns {
    for row in 0..<b.rows { solution[row, column] = b[row, column] }
  }
  var values = Array(repeating: 0.0, count: min(a.rows, a.columns))
  var rank: Int32 = 0
  try FactorizationError.check(
    "dgelsd",
    LAPACKE_dgelsd(
      LAPACK_COL_MAJOR, Int32(a.rows), Int32(a.columns), Int32(b.columns), &matrix, Int32(a.rows),
      &solution.elements, Int32(height), &values, cutoff, &rank))
  return solution.rows(0..<a.columns)
}
