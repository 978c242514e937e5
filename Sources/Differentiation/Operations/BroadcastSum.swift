import Tensors

/// z = x + factor · y for tensors that broadcast to one shape; factor is 1 or −1.
final class BroadcastSum<Number: Scalar>: Operation {
  let left: Operand<Number>
  let right: Operand<Number>
  let result: Variable<Number>
  /// Over z, x and y.
  private let loops: StridedAxes
  /// Over x and z, and over y and z.
  private let leftLoops: StridedAxes
  private let rightLoops: StridedAxes
  /// The other way.
  private let leftSpread: StridedAxes
  private let rightSpread: StridedAxes
  private let factor: Number

  init(
    on tape: Tape<Number>, left: Variable<Number>, right: Variable<Number>, factor: Number,
    plan: Broadcast
  ) {
    self.left = Operand(left)
    self.right = Operand(right)
    self.factor = factor
    loops = StridedAxes(plan.axes)
    leftLoops = loops.pair(1, 0)
    rightLoops = loops.pair(2, 0)
    leftSpread = loops.pair(0, 1)
    rightSpread = loops.pair(0, 2)
    result = tape.result(.tensor(plan.dimensions), of: [self.left, self.right])
  }

  var operands: [Operand<Number>] { [left, right] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    StridedLoops.sum(
      left.variable.value, right.variable.value, by: factor, into: result.value, over: loops)
  }

  func tangent() {
    let z = result.tangent
    switch (left.variable.isActive, right.variable.isActive) {
    case (true, true):
      StridedLoops.sum(
        left.variable.tangent, right.variable.tangent, by: factor, into: z, over: loops)
    case (true, false):
      StridedLoops.add(
        left.variable.tangent, by: 1, to: z, over: leftSpread, accumulate: false)
    case (false, _):
      StridedLoops.add(
        right.variable.tangent, by: factor, to: z, over: rightSpread, accumulate: false)
    }
  }

  func pullback() {
    pull(result.cotangent, left, \.cotangentStorage, by: 1, leftLoops)
    pull(result.cotangent, right, \.cotangentStorage, by: factor, rightLoops)
  }

  func pullbackTangent() {
    pull(result.cotangentTangent, left, \.cotangentTangentStorage, by: 1, leftLoops)
    pull(result.cotangentTangent, right, \.cotangentTangentStorage, by: factor, rightLoops)
  }

  private func pull(
    _ gradient: UnsafePointer<Number>, _ operand: Operand<Number>,
    _ target: KeyPath<Variable<Number>, Placement<Number>>, by factor: Number,
    _ loops: StridedAxes
  ) {
    guard operand.variable.isActive else { return }
    let x = operand.variable[keyPath: target].pointer
    let sums = !loops.isEachOnce(0)
    if sums, !operand.accumulates {
      Elementwise.fill(x, count: operand.variable.count, with: 0)
    }
    StridedLoops.add(
      gradient, by: factor, to: x, over: loops, accumulate: sums || operand.accumulates)
  }

}

extension Tape {
  /// The sum of two variables of one shape, or of two tensors that broadcast to one by NumPy's rules.
  public func sum(_ left: Variable<Number>, _ right: Variable<Number>) -> Variable<Number> {
    if left.shape == right.shape { return record(Addition(on: self, left: left, right: right)) }
    return record(
      BroadcastSum(
        on: self, left: left, right: right, factor: 1, plan: broadcast(left, right, "sum")))
  }

  /// The difference x − y of two tensors that broadcast to one shape by NumPy's rules.
  public func difference(_ left: Variable<Number>, _ right: Variable<Number>) -> Variable<Number> {
    record(
      BroadcastSum(
        on: self, left: left, right: right, factor: -1, plan: broadcast(left, right, "difference"))
    )
  }
}
