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
    guard left.variable.isActive, right.variable.isActive else {
      let moving = left.variable.isActive ? left.variable : right.variable
      result.tangent.update(from: moving.tangent, count: result.count)
      return
    }
    Elementwise.sum(
      left.variable.tangent, right.variable.tangent, into: result.tangent, count: result.count)
  }

  func pullback() {
    deliver(result.cotangent, to: left, \.cotangentStorage)
    deliver(result.cotangent, to: right, \.cotangentStorage)
  }

  func pullbackTangent() {
    deliver(result.cotangentTangent, to: left, \.cotangentTangentStorage)
    deliver(result.cotangentTangent, to: right, \.cotangentTangentStorage)
  }

  private func deliver(
    _ gradient: UnsafePointer<Number>, to operand: Operand<Number>,
    _ target: KeyPath<Variable<Number>, Placement<Number>>
  ) {
    guard operand.variable.isActive else { return }
    Elementwise.deliver(
      gradient, to: operand.variable[keyPath: target].pointer, count: result.count,
      accumulate: operand.accumulates)
  }
}
