import Tensors

/// Whole numbers of the examples as numbers of the tape; nothing is differentiated.
final class IntegerNumbers<Number: Scalar>: Operation {
  let result: Variable<Number>
  private let integers: IntegerInput

  init(on tape: Tape<Number>, _ integers: IntegerInput) {
    self.integers = integers
    result = tape.result(.tensor(integers.shape.dimensions), of: [])
  }

  var operands: [Operand<Number>] { [] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    for i in 0..<result.count { result.value[i] = Number(integers.pointer[i]) }
  }

  // Never called: nothing depends on parameters here.
  func pullback() {}
  func tangent() {}
  func pullbackTangent() {}
}

extension Tape {
  /// The whole numbers of an input as a tensor of the same shape.
  public func numbers(of integers: IntegerInput) -> Variable<Number> {
    record(IntegerNumbers(on: self, integers))
  }
}
