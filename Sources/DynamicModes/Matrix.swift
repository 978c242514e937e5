import COpenBLAS

/// A dense matrix of doubles in column-major order, as LAPACK expects.
package struct Matrix: Equatable, Sendable {
  package let rows: Int
  package let columns: Int
  /// `[columns, rows]` in memory: element (i, j) is at index i + j · rows.
  package var elements: [Double]

  package init(rows: Int, columns: Int, elements: [Double]) {
    precondition(
      elements.count == rows * columns,
      "\(elements.count) elements for a \(rows) × \(columns) matrix")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  package init(zeros rows: Int, _ columns: Int) {
    self.init(rows: rows, columns: columns, elements: Array(repeating: 0, count: rows * columns))
  }

  package subscript(row: Int, column: Int) -> Double {
    get { elements[row + column * rows] }
    set { elements[row + column * rows] = newValue }
  }

  package func column(_ index: Int) -> [Double] {
    Array(elements[index * rows..<(index + 1) * rows])
  }

  /// A range of columns; contiguous in memory, so a single copy.
  package func columns(_ range: Range<Int>) -> Matrix {
    Matrix(
      rows: rows, columns: range.count,
      elements: Array(elements[range.lowerBound * rows..<range.upperBound * rows]))
  }

  /// A range of rows.
  package func rows(_ range: Range<Int>) -> Matrix {
    var result: [Double] = []
    result.reserveCapacity(range.count * columns)
    for column in 0..<columns {
      let start = column * rows
      result.append(contentsOf: elements[start + range.lowerBound..<start + range.upperBound])
    }
    return Matrix(rows: range.count, columns: columns, elements: result)
  }

  /// The matrix with column j multiplied by `factors[j]`.
  package func scalingColumns(by factors: [Double]) -> Matrix {
    precondition(factors.count == columns, "\(factors.count) factors for \(columns) columns")
    var result = self
    for (column, factor) in factors.enumerated() {
      for index in column * rows..<(column + 1) * rows { result.elements[index] *= factor }
    }
    return result
  }

  /// The matrix with row i multiplied by `factors[i]`.
  package func scalingRows(by factors: [Double]) -> Matrix {
    precondition(factors.count == rows, "\(factors.count) factors for \(rows) rows")
    var result = self
    for index in elements.indices { result.elements[index] *= factors[index % rows] }
    return result
  }

  /// The mean of the columns.
  package var meanColumn: [Double] {
    var sum = Array(repeating: 0.0, count: rows)
    for index in elements.indices { sum[index % rows] += elements[index] }
    return sum.map { $0 / Double(columns) }
  }

  /// op(A) op(B) with `cblas_dgemm`.
  package static func product(
    _ a: Matrix, _ b: Matrix, transposingFirst: Bool = false, transposingSecond: Bool = false
  ) -> Matrix {
    let (m, inner) = transposingFirst ? (a.columns, a.rows) : (a.rows, a.columns)
    let (k, n) = transposingSecond ? (b.columns, b.rows) : (b.rows, b.columns)
    precondition(inner == k, "a product of \(m) × \(inner) and \(k) × \(n)")
    var result = Matrix(zeros: m, n)
    guard m > 0, n > 0, k > 0 else { return result }
    cblas_dgemm(
      CblasColMajor, transposingFirst ? CblasTrans : CblasNoTrans,
      transposingSecond ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), 1, a.elements,
      Int32(a.rows), b.elements, Int32(b.rows), 0, &result.elements, Int32(m))
    return result
  }

  /// A x.
  package static func product(_ a: Matrix, _ x: [Double]) -> [Double] {
    product(a, Matrix(rows: x.count, columns: 1, elements: x)).elements
  }
}

/// ‖x‖₂, scaled so that squares cannot overflow; NaN if x contains one.
package func euclideanNorm(_ x: some Sequence<Double>) -> Double {
  var largest = 0.0
  for value in x {
    if value.isNaN { return .nan }
    largest = max(largest, abs(value))
  }
  guard largest > 0, largest.isFinite else { return largest }
  return largest * x.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
}
