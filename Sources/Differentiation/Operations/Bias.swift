import Tensors

/// Y = X + 1 bᵀ: a row of numbers added to every row.
///
/// Linear, so the tangent is the map itself.
final class Bias<Number: Scalar>: Operation {
  let input: Operand<Number>
  let bias: Operand<Number>
  let result: Variable<Number>
  private let rows: Int
  private let columns: Int

  init(
    on tape: Tape<Number>, input: Variable<Number>, bias: Variable<Number>, rows: Int, columns: Int
  ) {
    self.input = Operand(input)
    self.bias = Operand(bias)
    self.rows = rows
    self.columns = columns
    result = tape.result(input.shape, of: [self.input, self.bias])
  }

  var operands: [Operand<Number>] { [input, bias] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    RowSums.addRow(
      bias.variable.value, to: input.variable.value, into: result.value, rows: rows,
      columns: columns)
  }

  func tangent() {
    guard bias.variable.isActive else {
      return Elementwise.deliver(
        input.variable.tangent, to: result.tangent, count: result.count, accumulate: false)
    }
    if input.variable.isActive {
      RowSums.addRow(
        bias.variable.tangent, to: input.variable.tangent, into: result.tangent, rows: rows,
        columns: columns)
    } else {
      Elementwise.fill(result.tangent, count: result.count, with: 0)
      RowSums.addRow(
        bias.variable.tangent, to: result.tangent, into: result.tangent, rows: rows,
        columns: columns)
    }
  }

  func pullback() { pull(result.cotangent, \.cotangentStorage) }

  func pullbackTangent() { pull(result.cotangentTangent, \.cotangentTangentStorage) }

  private func pull(
    _ gradient: UnsafePointer<Number>, _ target: KeyPath<Variable<Number>, Placement<Number>>
  ) {
    if input.variable.isActive {
      Elementwise.deliver(
        gradient, to: input.variable[keyPath: target].pointer, count: result.count,
        accumulate: input.accumulates)
    }
    guard bias.variable.isActive else { return }
    RowSums.sumRows(
      gradient, into: bias.variable[keyPath: target].pointer, rows: rows, columns: columns,
      accumulate: bias.accumulates)
  }
}

extension Tape {
  /// Adds the vector `[columns]` to every row of a matrix.
  public func adding(bias: Variable<Number>, to input: Variable<Number>) -> Variable<Number> {
    guard let (rows, columns) = input.shape.matrixSize, bias.count == columns else {
      preconditionFailure("a bias of \(bias.shape) cannot be added to \(input.shape)")
    }
    return record(Bias(on: self, input: input, bias: bias, rows: rows, columns: columns))
  }
}
