import Tensors

/// exp x, its own derivatives.
struct ExponentialFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let e = Number.branchFreeExponential(x[i])
      y[i] = e
      slope[i] = e
      curvature[i] = e
    }
  }
}

extension Tape {
  /// The exponential of every number, for any shape.
  public func exponential(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: ExponentialFunction()))
  }
}
