import Tensors

/// √x, with 1/(2√x) and −1/(4x√x).
struct SquareRootFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let root = x[i].squareRoot()
      let s = 1 / (2 * root)
      y[i] = root
      slope[i] = s
      curvature[i] = -s / (2 * x[i])
    }
  }
}

extension Tape {
  /// The square root of every number, for any shape; the derivatives at 0 are infinite.
  public func squareRoot(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: SquareRootFunction()))
  }
}
