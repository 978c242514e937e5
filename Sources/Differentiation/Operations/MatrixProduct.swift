import Tensors

/// Y = X Wᵀ for rows X `[n, i]` and weights W `[o, i]`, the layout of a linear layer.
///
/// Ẏ = Ẋ Wᵀ + X Ẇᵀ; X̄̇ = Ȳ̇ W + Ȳ Ẇ, W̄̇ = Ȳ̇ᵀ X + Ȳᵀ Ẋ.
final class MatrixProduct<Number: Scalar>: Operation {
  let left: Operand<Number>
  let right: Operand<Number>
  let result: Variable<Number>
  private let rows: Int
  private let outputs: Int
  private let inputs: Int
  private unowned let tape: Tape<Number>

  init(
    on tape: Tape<Number>, left: Variable<Number>, right: Variable<Number>, rows: Int,
    outputs: Int, inputs: Int
  ) {
    self.tape = tape
    self.left = Operand(left)
    self.right = Operand(right)
    self.rows = rows
    self.outputs = outputs
    self.inputs = inputs
    result = tape.result(.matrix(rows: rows, columns: outputs), of: [self.left, self.right])
    if tape.compute == .bfloat16 {
      // The two largest of the operands, one after the other.
      tape.reserveScratch(count: 2 * max(left.count, right.count, result.count))
    }
  }

  var operands: [Operand<Number>] { [left, right] }

  var needs: PrimalNeeds<Number> {
    let (x, w) = (left.variable, right.variable)
    return PrimalNeeds(
      pullback: [x, w], tangent: [x, w], pullbackTangent: [x, w], tangentsInPullback: [x, w],
      cotangentInPullbackTangent: true)
  }

  var work: OperationWork {
    OperationWork(
      kind: .product, productOperations: 2 * rows * inputs * outputs,
      hasInputGradient: left.variable.isActive && right.variable.isActive)
  }

  func value() {
    product(left.variable.value, right.variable.value, into: result.value, accumulate: false)
  }

  func tangent() {
    var accumulate = false
    if right.variable.isActive {
      product(left.variable.value, right.variable.tangent, into: result.tangent, accumulate: false)
      accumulate = true
    }
    if left.variable.isActive {
      product(
        left.variable.tangent, right.variable.value, into: result.tangent, accumulate: accumulate)
    }
  }

  func pullback() {
    if left.variable.isActive {
      leftGradient(
        result.cotangent, right.variable.value, into: left.variable.cotangent,
        accumulate: left.accumulates)
    }
    if right.variable.isActive {
      rightGradient(
        result.cotangent, left.variable.value, into: right.variable.cotangent,
        accumulate: right.accumulates)
    }
  }

  func pullbackTangent() {
    if left.variable.isActive {
      let target = left.variable.cotangentTangent
      leftGradient(
        result.cotangentTangent, right.variable.value, into: target, accumulate: left.accumulates)
      if right.variable.isActive {
        leftGradient(result.cotangent, right.variable.tangent, into: target, accumulate: true)
      }
    }
    if right.variable.isActive {
      let target = right.variable.cotangentTangent
      rightGradient(
        result.cotangentTangent, left.variable.value, into: target, accumulate: right.accumulates)
      if left.variable.isActive {
        rightGradient(result.cotangent, left.variable.tangent, into: target, accumulate: true)
      }
    }
  }

  private func product(
    _ x: UnsafePointer<Number>, _ w: UnsafePointer<Number>,
    into y: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    Number.matrixProduct(
      operand(x, rows, inputs), operand(w, outputs, inputs, transposed: true, second: true),
      into: y, rows: rows, columns: outputs, inner: inputs, accumulate: accumulate)
  }

  private func leftGradient(
    _ gradient: UnsafePointer<Number>, _ w: UnsafePointer<Number>,
    into x: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    Number.matrixProduct(
      operand(gradient, rows, outputs), operand(w, outputs, inputs, second: true), into: x,
      rows: rows, columns: inputs, inner: outputs, accumulate: accumulate)
  }

  private func rightGradient(
    _ gradient: UnsafePointer<Number>, _ x: UnsafePointer<Number>,
    into w: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    Number.matrixProduct(
      operand(gradient, rows, outputs, transposed: true), operand(x, rows, inputs, second: true),
      into: w, rows: outputs, columns: inputs, inner: rows, accumulate: accumulate)
  }

  /// A matrix as the product shall read it: as it is, or rounded into one half of the scratch.
  private func operand(
    _ numbers: UnsafePointer<Number>, _ rows: Int, _ columns: Int, transposed: Bool = false,
    second: Bool = false
  ) -> MatrixOperand<Number> {
    switch tape.compute {
    case .full: return MatrixOperand(numbers, stride: columns, transposed: transposed)
    case .bfloat16:
      let half = max(left.variable.count, right.variable.count, result.count)
      let rounded = tape.scratch + (second ? half : 0)
      Number.roundToBFloat16(numbers, into: rounded, count: rows * columns)
      return MatrixOperand(rounded, stride: columns, transposed: transposed)
    }
  }
}

extension Tape {
  /// X Wᵀ for rows `[n, i]` and weights `[o, i]`.
  public func matrixProduct(
    _ left: Variable<Number>, transposed right: Variable<Number>
  ) -> Variable<Number> {
    guard let (rows, inner) = left.shape.matrixSize,
      let (outputs, inputs) = right.shape.matrixSize, inner == inputs
    else {
      preconditionFailure("the product of \(left.shape) with the transpose of \(right.shape)")
    }
    return record(
      MatrixProduct(
        on: self, left: left, right: right, rows: rows, outputs: outputs, inputs: inputs))
  }
}
