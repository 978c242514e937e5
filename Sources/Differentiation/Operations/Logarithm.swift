import Tensors

/// log x, with 1/x and −1/x².
struct LogarithmFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let r = 1 / x[i]
      y[i] = Number.logarithm(x[i])
      slope[i] = r
      curvature[i] = -r * r
    }
  }
}

extension Tape {
  /// The natural logarithm of every number, for any shape.
  public func logarithm(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: LogarithmFunction()))
  }
}
