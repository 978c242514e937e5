import Tensors

/// z = x y, number by number, for tensors that broadcast to one shape.
///
/// ż = ẋ y + x ẏ; x̄ = Σ z̄ y; x̄̇ = Σ z̄̇ y + z̄ ẏ, summed over the axes that x repeats on; ȳ likewise.
final class BroadcastProduct<Number: Scalar>: Operation {
  let left: Operand<Number>
  let right: Operand<Number>
  let result: Variable<Number>
  /// Over z, x and y.
  private let loops: StridedAxes
  /// Over x, z and y, and over y, z and x.
  private let leftLoops: StridedAxes
  private let rightLoops: StridedAxes

  init(
    on tape: Tape<Number>, left: Variable<Number>, right: Variable<Number>, plan: Broadcast
  ) {
    self.left = Operand(left)
    self.right = Operand(right)
    loops = StridedAxes(plan.axes)
    leftLoops = loops.reordered(1, 0, 2)
    rightLoops = loops.reordered(2, 0, 1)
    result = tape.result(.tensor(plan.dimensions), of: [self.left, self.right])
  }

  var operands: [Operand<Number>] { [left, right] }

  var needs: PrimalNeeds<Number> {
    let (x, y) = (left.variable, right.variable)
    let factors = (y.isActive ? [x] : []) + (x.isActive ? [y] : [])
    return PrimalNeeds(
      pullback: factors, tangent: factors, pullbackTangent: factors,
      tangentsInPullback: x.isActive && y.isActive ? [x, y] : [],
      cotangentInPullbackTangent: x.isActive && y.isActive)
  }

  func value() {
    StridedLoops.multiply(
      left.variable.value, right.variable.value, into: result.value, over: loops,
      accumulate: false)
  }

  func tangent() {
    let (x, y) = (left.variable, right.variable)
    if x.isActive {
      StridedLoops.multiply(
        x.tangent, y.value, into: result.tangent, over: loops, accumulate: false)
    }
    if y.isActive {
      StridedLoops.multiply(
        x.value, y.tangent, into: result.tangent, over: loops, accumulate: x.isActive)
    }
  }

  func pullback() {
    pull(left, right.variable, leftLoops)
    pull(right, left.variable, rightLoops)
  }

  func pullbackTangent() {
    pullTangent(left, right.variable, leftLoops)
    pullTangent(right, left.variable, rightLoops)
  }

  private func pull(_ operand: Operand<Number>, _ other: Variable<Number>, _ loops: StridedAxes) {
    guard operand.variable.isActive else { return }
    let x = operand.variable.cotangent
    StridedLoops.multiply(
      result.cotangent, other.value, into: x, over: loops,
      accumulate: prepare(operand, x, loops))
  }

  private func pullTangent(
    _ operand: Operand<Number>, _ other: Variable<Number>, _ loops: StridedAxes
  ) {
    guard operand.variable.isActive else { return }
    let x = operand.variable.cotangentTangent
    StridedLoops.multiply(
      result.cotangentTangent, other.value, into: x, over: loops,
      accumulate: prepare(operand, x, loops))
    guard other.isActive else { return }
    StridedLoops.multiply(result.cotangent, other.tangent, into: x, over: loops, accumulate: true)
  }

  /// Clears what is summed up into; whether to add.
  private func prepare(
    _ operand: Operand<Number>, _ x: UnsafeMutablePointer<Number>, _ loops: StridedAxes
  ) -> Bool {
    let sums = !loops.isEachOnce(0)
    if sums, !operand.accumulates {
      Elementwise.fill(x, count: operand.variable.count, with: 0)
    }
    return sums || operand.accumulates
  }
}

extension Tape {
  /// The product, number by number, of two tensors that broadcast to one shape by NumPy's rules.
  public func product(_ left: Variable<Number>, _ right: Variable<Number>) -> Variable<Number> {
    record(
      BroadcastProduct(
        on: self, left: left, right: right, plan: broadcast(left, right, "product")))
  }

  /// The quotient x / y, number by number, of two tensors that broadcast to one shape by NumPy's
  /// rules: x times the reciprocal of y, within a unit in the last place of the quotient.
  public func quotient(_ left: Variable<Number>, _ right: Variable<Number>) -> Variable<Number> {
    product(left, power(right, -1))
  }
}
