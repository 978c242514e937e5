import Tensors

/// s = scale · Σ x_i: the last operation of a loss (scale 1/B makes a shard's part of the mean).
final class ScaledSum<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let scale: Number

  init(on tape: Tape<Number>, input: Variable<Number>, scale: Number) {
    self.input = Operand(input)
    self.scale = scale
    result = tape.result(.vector(1), of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() { result.value[0] = total(input.variable.value) }

  func tangent() { result.tangent[0] = total(input.variable.tangent) }

  func pullback() { spread(result.cotangent[0], input.variable.cotangent) }

  func pullbackTangent() {
    spread(result.cotangentTangent[0], input.variable.cotangentTangent)
  }

  private func total(_ x: UnsafePointer<Number>) -> Number {
    scale * RowSums.total(x, count: input.variable.count)
  }

  private func spread(_ gradient: Number, _ x: UnsafeMutablePointer<Number>) {
    let each = scale * gradient
    for i in 0..<input.variable.count { x[i] = input.accumulates ? x[i] + each : each }
  }
}

extension Tape {
  /// `scale` times the sum of all numbers of `input`; `1 / count` gives the mean.
  public func sum(_ input: Variable<Number>, scale: Number) -> Variable<Number> {
    precondition(input.isActive, "the sum of a constant has no gradient")
    return record(ScaledSum(on: self, input: input, scale: scale))
  }
}
