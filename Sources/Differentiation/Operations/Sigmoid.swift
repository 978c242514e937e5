import Tensors

/// σ(x) = 1 / (1 + exp(−x)), with σ (1 − σ) and σ (1 − σ) (1 − 2σ).
struct SigmoidFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let s = Number.branchFreeSigmoid(x[i])
      let d = s * (1 - s)
      y[i] = s
      slope[i] = d
      curvature[i] = d * (1 - 2 * s)
    }
  }
}

extension Tape {
  /// The logistic function of every number, for any shape.
  public func sigmoid(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: SigmoidFunction()))
  }
}
