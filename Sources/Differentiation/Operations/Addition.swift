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
    deliver(result.cotangent, to: left.variable.cotangent, left.accumulates)
    deliver(result.cotangent, to: right.variable.cotangent, right.accumulates)
  }

  func pullbackTangent() {
    deliver(result.cotangentTangent, to: left.variable.cotangentTangent, left.accumulates)
    deliver(result.cotangentTangent, to: right.variable.cotangentTangent, right.accumulates)
  }

  private func deliver(
    _ gradient: UnsafePointer<Number>, to target: UnsafeMutablePointer<Number>, _ accumulate: Bool
  ) {
    Elementwise.deliver(gradient, to: target, count: result.count, accumulate: accumulate)
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
