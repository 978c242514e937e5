import Tensors

/// A function of one number with its first two derivatives: all that differentiating takes.
protocol ElementFunction: Sendable {
  /// y ← f(x), slope ← f′(x), curvature ← f″(x) for `count` numbers in one loop.
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int)
}

/// y = f(x), number by number.
///
/// ẏ = f′ ẋ, x̄ = f′ ȳ, x̄̇ = f′ ȳ̇ + f″ ẋ ȳ. The derivatives are computed with the value, once a
/// replay, and retained; those that no pass reads go to memory that stays in the cache.
final class ElementwiseFunction<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let function: any ElementFunction
  private let slope: RetainedValues<Number>
  private let curvature: RetainedValues<Number>
  private unowned let tape: Tape<Number>
  private static var chunk: Int { 2048 }

  init(on tape: Tape<Number>, input: Variable<Number>, function: some ElementFunction) {
    self.tape = tape
    self.input = Operand(input)
    self.function = function
    slope = RetainedValues(count: input.count)
    curvature = RetainedValues(count: input.count)
    result = tape.result(input.shape, of: [self.input])
    tape.reserveScratch(count: 2 * Self.chunk)
  }

  var operands: [Operand<Number>] { [input] }

  var retained: [RetainedValues<Number>] {
    guard result.isActive else { return [] }
    return switch tape.passes {
    case .values: []
    case .gradients: [slope]
    case .tangents: [slope, curvature]
    }
  }

  var needs: PrimalNeeds<Number> {
    PrimalNeeds(tangentsInPullback: [input.variable], cotangentInPullbackTangent: true)
  }

  func value() {
    let keepsSlope = result.isActive && tape.passes != .values
    let keepsCurvature = result.isActive && tape.passes == .tangents
    let (x, y) = (input.variable.value, result.value)
    var start = 0
    while start < result.count {
      let count = min(Self.chunk, result.count - start)
      function.evaluate(
        UnsafePointer(x + start), into: y + start,
        slope: keepsSlope ? slope.pointer + start : tape.scratch,
        curvature: keepsCurvature ? curvature.pointer + start : tape.scratch + Self.chunk,
        count: count)
      start += count
    }
  }

  func tangent() {
    ElementFunctionLoops.multiply(
      slope.pointer, input.variable.tangent, into: result.tangent, count: result.count,
      accumulate: false)
  }

  func pullback() {
    ElementFunctionLoops.multiply(
      slope.pointer, result.cotangent, into: input.variable.cotangent, count: result.count,
      accumulate: input.accumulates)
  }

  func pullbackTangent() {
    ElementFunctionLoops.pullbackTangent(
      slope.pointer, result.cotangentTangent, curvature.pointer, input.variable.tangent,
      result.cotangent, into: input.variable.cotangentTangent, count: result.count,
      accumulate: input.accumulates)
  }
}

private enum ElementFunctionLoops {
  /// y ← (or ← y +, when `accumulate`) s x.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func multiply<Number: Scalar>(
    _ s: UnsafePointer<Number>, _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    count: Int, accumulate: Bool
  ) {
    if accumulate {
      for i in 0..<count { y[i] += s[i] * x[i] }
    } else {
      for i in 0..<count { y[i] = s[i] * x[i] }
    }
  }

  /// x̄̇ ← (or ← x̄̇ +, when `accumulate`) s ȳ̇ + c ẋ ȳ.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullbackTangent<Number: Scalar>(
    _ s: UnsafePointer<Number>, _ cotangentTangent: UnsafePointer<Number>,
    _ c: UnsafePointer<Number>, _ tangent: UnsafePointer<Number>,
    _ cotangent: UnsafePointer<Number>, into x: UnsafeMutablePointer<Number>, count: Int,
    accumulate: Bool
  ) {
    if accumulate {
      for i in 0..<count { x[i] += s[i] * cotangentTangent[i] + c[i] * tangent[i] * cotangent[i] }
    } else {
      for i in 0..<count { x[i] = s[i] * cotangentTangent[i] + c[i] * tangent[i] * cotangent[i] }
    }
  }
}
