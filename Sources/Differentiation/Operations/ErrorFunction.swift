import Tensors

/// erf x, with d = 2/√π exp(−x²) and −2 x d.
struct ErrorFunctionFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    let factor = Number(2 / Double.pi.squareRoot())
    for i in 0..<count {
      let d = factor * Number.branchFreeExponential(-x[i] * x[i])
      y[i] = Number.branchFreeErrorFunction(x[i])
      slope[i] = d
      curvature[i] = -2 * x[i] * d
    }
  }
}

extension Tape {
  /// The error function of every number, for any shape.
  public func errorFunction(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: ErrorFunctionFunction()))
  }
}
