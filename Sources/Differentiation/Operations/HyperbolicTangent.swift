import Tensors

/// y = tanh x, number by number.
///
/// With y′ = 1 − y²: ẏ = y′ ẋ, x̄ = y′ ȳ, x̄̇ = y′ ȳ̇ − 2 y ẏ ȳ.
final class HyperbolicTangent<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>

  init(on tape: Tape<Number>, input: Variable<Number>) {
    self.input = Operand(input)
    result = tape.result(input.shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }

  var needs: PrimalNeeds<Number> {
    PrimalNeeds(
      pullback: [result], tangent: [result], pullbackTangent: [result],
      tangentsInPullback: [result], cotangentInPullbackTangent: true)
  }

  func value() {
    Number.hyperbolicTangent(input.variable.value, into: result.value, count: result.count)
  }

  func tangent() {
    HyperbolicTangentLoops.slope(
      at: result.value, of: input.variable.tangent, into: result.tangent, count: result.count,
      accumulate: false)
  }

  func pullback() {
    HyperbolicTangentLoops.slope(
      at: result.value, of: result.cotangent, into: input.variable.cotangent, count: result.count,
      accumulate: input.accumulates)
  }

  func pullbackTangent() {
    HyperbolicTangentLoops.slope(
      at: result.value, of: result.cotangentTangent, into: input.variable.cotangentTangent,
      count: result.count, accumulate: input.accumulates)
    HyperbolicTangentLoops.addCurvature(
      at: result.value, of: result.tangent, times: result.cotangent,
      into: input.variable.cotangentTangent, count: result.count)
  }
}

private enum HyperbolicTangentLoops {
  /// v ← (or ← v +, when `accumulate`) (1 − y²) u.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func slope<Number: Scalar>(
    at y: UnsafePointer<Number>, of u: UnsafePointer<Number>,
    into v: UnsafeMutablePointer<Number>, count: Int, accumulate: Bool
  ) {
    if accumulate {
      for i in 0..<count { v[i] += (1 - y[i]) * (1 + y[i]) * u[i] }
    } else {
      for i in 0..<count { v[i] = (1 - y[i]) * (1 + y[i]) * u[i] }
    }
  }

  /// v ← v − 2 y ẏ ȳ.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func addCurvature<Number: Scalar>(
    at y: UnsafePointer<Number>, of tangent: UnsafePointer<Number>,
    times cotangent: UnsafePointer<Number>, into v: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count { v[i] -= 2 * y[i] * tangent[i] * cotangent[i] }
  }
}

extension Tape {
  /// The hyperbolic tangent of every number, for any shape.
  public func tanh(_ input: Variable<Number>) -> Variable<Number> {
    record(HyperbolicTangent(on: self, input: input))
  }
}
