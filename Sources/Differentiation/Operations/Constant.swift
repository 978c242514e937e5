import Tensors

/// Numbers that are known when they are recorded, such as a mask; without operands.
final class Constant<Number: Scalar>: Operation {
  let result: Variable<Number>
  private let numbers: Buffer<Number>

  init(on tape: Tape<Number>, _ numbers: [Double], shape: Shape) {
    self.numbers = Buffer(count: numbers.count)
    for (i, number) in numbers.enumerated() { self.numbers.pointer[i] = Number(number) }
    result = tape.result(shape, of: [])
  }

  var operands: [Operand<Number>] { [] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() { result.value.update(from: numbers.pointer, count: result.count) }

  // Never called: nothing depends on parameters here.
  func pullback() {}
  func tangent() {}
  func pullbackTangent() {}
}

extension Tape {
  /// A row-major tensor of numbers that never change; unlike an ``input(_:)`` nobody fills it.
  public func constant(_ numbers: [Double], _ dimensions: [Int]) -> Variable<Number> {
    let shape = Shape.tensor(dimensions)
    precondition(
      shape.count == numbers.count, "a constant \(shape) got \(numbers.count) numbers")
    return record(Constant(on: self, numbers, shape: shape))
  }
}
