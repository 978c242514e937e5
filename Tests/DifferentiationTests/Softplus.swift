// Not `@testable`: what stands here can be written in any package.
import Differentiation
import Tensors

/// y = log(1 + exp x), number by number: an operation that is no part of the module.
///
/// With s = 1/(1 + exp(−x)): ẏ = s ẋ, x̄ = s ȳ, x̄̇ = s ȳ̇ + s (1 − s) ẋ ȳ.
private final class Softplus<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let slope: RetainedValues<Number>
  private unowned let tape: Tape<Number>

  init(on tape: Tape<Number>, _ input: Variable<Number>) {
    self.tape = tape
    self.input = Operand(input)
    slope = RetainedValues(count: input.count)
    result = tape.result(input.shape, of: [self.input])
    tape.reserveScratch(count: input.count)
  }

  var operands: [Operand<Number>] { [input] }
  var retained: [RetainedValues<Number>] { [slope] }
  var needs: PrimalNeeds<Number> {
    PrimalNeeds(tangentsInPullback: [input.variable], cotangentInPullbackTangent: true)
  }
  var work: OperationWork { OperationWork(kind: .elementwise) }

  func value() {
    let (x, y, s) = (input.variable.value, result.value, slope.pointer)
    for i in 0..<result.count {
      let e = Number.exponential(-abs(x[i]))
      y[i] = max(x[i], 0) + Number.logarithm(1 + e)
      s[i] = (x[i] < 0 ? e : 1) / (1 + e)
    }
  }

  func tangent() {
    let (x, y, s) = (input.variable.tangent, result.tangent, slope.pointer)
    for i in 0..<result.count { y[i] = s[i] * x[i] }
  }

  func pullback() {
    let (x, y, s) = (input.variable.cotangent, result.cotangent, slope.pointer)
    for i in 0..<result.count { x[i] = (input.accumulates ? x[i] : 0) + s[i] * y[i] }
  }

  func pullbackTangent() {
    let (x, s, curved) = (input.variable.cotangentTangent, slope.pointer, tape.scratch)
    for i in 0..<result.count {
      curved[i] = s[i] * (1 - s[i]) * input.variable.tangent[i] * result.cotangent[i]
    }
    for i in 0..<result.count {
      let sum = s[i] * result.cotangentTangent[i] + curved[i]
      x[i] = (input.accumulates ? x[i] : 0) + sum
    }
  }
}

extension Tape {
  /// log(1 + exp x) of every number.
  func softplus(_ input: Variable<Number>) -> Variable<Number> {
    record(Softplus(on: self, input))
  }
}
