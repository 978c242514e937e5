import Tensors

/// y = x where x > 0, slope · x elsewhere.
///
/// Piecewise linear: ẏ, x̄ and x̄̇ are the same diagonal map, whose pattern is the sign of y.
final class LeakyRectifier<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let slope: Number

  init(on tape: Tape<Number>, input: Variable<Number>, slope: Number) {
    self.input = Operand(input)
    self.slope = slope
    result = tape.result(input.shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var needs: PrimalNeeds<Number> {
    PrimalNeeds(pullback: [result], tangent: [result], pullbackTangent: [result])
  }

  func value() {
    Elementwise.leakyRectify(
      input.variable.value, into: result.value, slope: slope, count: result.count)
  }

  func tangent() { apply(to: input.variable.tangent, into: result.tangent, accumulate: false) }

  func pullback() {
    apply(to: result.cotangent, into: input.variable.cotangent, accumulate: input.accumulates)
  }

  func pullbackTangent() {
    apply(
      to: result.cotangentTangent, into: input.variable.cotangentTangent,
      accumulate: input.accumulates)
  }

  private func apply(
    to u: UnsafePointer<Number>, into target: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    Elementwise.leakyRectifyDerivative(
      at: result.value, of: u, into: target, slope: slope, count: result.count,
      accumulate: accumulate)
  }
}

extension Tape {
  /// The leaky rectifier; `slope` > 0 is its derivative at negative arguments and at 0.
  public func leakyRectified(_ input: Variable<Number>, slope: Number = 0.01) -> Variable<Number> {
    precondition(slope > 0, "the slope of a leaky rectifier is positive, not \(slope)")
    return record(LeakyRectifier(on: self, input: input, slope: slope))
  }

  /// The rectifier, max(x, 0); its derivative at 0 is 0.
  public func rectified(_ input: Variable<Number>) -> Variable<Number> {
    record(LeakyRectifier(on: self, input: input, slope: 0))
  }
}
