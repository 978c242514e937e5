import Tensors

/// y_n = the row index(n) of a table: an embedding.
///
/// Linear in the table.
final class RowGathering<Number: Scalar>: Operation {
  let table: Operand<Number>
  let result: Variable<Number>
  private let indices: IntegerInput
  private let rows: Int
  private let columns: Int

  init(
    on tape: Tape<Number>, table: Variable<Number>, indices: IntegerInput, rows: Int, columns: Int
  ) {
    self.table = Operand(table)
    self.indices = indices
    self.rows = rows
    self.columns = columns
    result = tape.result(.tensor(indices.shape.dimensions + [columns]), of: [self.table])
  }

  var operands: [Operand<Number>] { [table] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    for n in 0..<indices.count {
      let index = Int(indices.pointer[n])
      precondition(
        index >= 0 && index < rows, "the index \(index) at \(n) is not in 0 ..< \(rows)")
    }
    gather(table.variable.value, into: result.value)
  }

  func tangent() { gather(table.variable.tangent, into: result.tangent) }

  func pullback() { scatter(result.cotangent, into: table.variable.cotangent) }

  func pullbackTangent() { scatter(result.cotangentTangent, into: table.variable.cotangentTangent) }

  private func gather(_ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>) {
    for n in 0..<indices.count {
      (y + n * columns).update(from: x + Int(indices.pointer[n]) * columns, count: columns)
    }
  }

  private func scatter(_ y: UnsafePointer<Number>, into x: UnsafeMutablePointer<Number>) {
    if !table.accumulates { Elementwise.fill(x, count: table.variable.count, with: 0) }
    for n in 0..<indices.count {
      Elementwise.add(y + n * columns, to: x + Int(indices.pointer[n]) * columns, count: columns)
    }
  }
}

extension Tape {
  /// Rows of a table `[rows, columns]` by number, as an embedding looks tokens up: `[…]` to
  /// `[…, columns]`.
  ///
  /// - Precondition: at every replay the indices are in 0 ..< rows.
  public func rows(of table: Variable<Number>, at indices: IntegerInput) -> Variable<Number> {
    guard let (rows, columns) = table.shape.matrixSize else {
      preconditionFailure("rows are gathered from a matrix, not from \(table.shape)")
    }
    indices.limit(to: rows)
    return record(
      RowGathering(on: self, table: table, indices: indices, rows: rows, columns: columns))
  }
}
