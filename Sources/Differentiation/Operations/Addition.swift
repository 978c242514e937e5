import Tensors

/// z = x + y, as in a residual connection.
final class Addition<Number: Scalar>: Operation {
  let left: Operand<Number>
  let right: Operand<Number>
  let result: Variable<Number>

  init(on tape: Tape<Number>, left: Variable<Number>, right: Variable<Number>) {
    self.left = Operand(left)
    self.right = Operand(right)
    result = tape.result(left.shape, of: [self.left, self.right])
  }

  var operands: [Operand<Number>] { [left, right] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    Elementwise.sum(
      left.variable.value, right.variable.value, into: result.value, count: result.count)
  }

  func tangent() {
    Elementwise.sum(
      left.variable.tangent, right.variable.tangent, into: result.tangent, count: result.count)
  }

  func pullback() {
    for operand in operands {
      Elementwise.deliver(
        result.cotangent, to: operand.variable.cotangent, count: result.count,
        accumulate: operand.accumulates)
    }
  }

  func pullbackTangent() {
    for operand in operands {
      Elementwise.deliver(
        result.cotangentTangent, to: operand.variable.cotangentTangent, count: result.count,
        accumulate: operand.accumulates)
    }
  }
}

extension Tape {
  /// The sum of two variables of one shape.
  public func sum(_ left: Variable<Number>, _ right: Variable<Number>) -> Variable<Number> {
    precondition(
      left.shape == right.shape && left.isActive && right.isActive,
      "the sum of \(left.shape) and \(right.shape) needs equal shapes with gradients")
    return record(Addition(on: self, left: left, right: right))
  }
}
