import Tensors

/// g x for x > 0, a (exp(x / s) − 1) elsewhere: ELU, CELU and SELU by their constants.
///
/// D.-A. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning by exponential
/// linear units (ELUs)", arXiv:1511.07289.
struct ExponentialUnitFunction: ElementFunction {
  let gain: Double
  let depth: Double
  let scale: Double

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    let (g, a, r) = (Number(gain), Number(depth), Number(1 / scale))
    for i in 0..<count {
      let isPositive = x[i] > 0
      let v = (isPositive ? 0 : x[i]) * r
      let e = Number.branchFreeExponential(v)
      // Near 0 the difference loses digits; there four terms of the series do.
      let difference = v > -0.000_5 ? v * (1 + v * (0.5 + v * (1 / 6 + v / 24))) : e - 1
      y[i] = isPositive ? g * x[i] : a * difference
      slope[i] = isPositive ? g : a * r * e
      curvature[i] = isPositive ? 0 : a * r * r * e
    }
  }
}

extension Tape {
  /// `gain` · x for x > 0, `depth` · (exp(x / `scale`) − 1) elsewhere, of every number, for any shape.
  public func exponentialUnit(
    _ input: Variable<Number>, gain: Double = 1, depth: Double = 1, scale: Double = 1
  ) -> Variable<Number> {
    precondition(scale != 0, "an exponential unit of scale 0")
    return record(
      ElementwiseFunction(
        on: self, input: input,
        function: ExponentialUnitFunction(gain: gain, depth: depth, scale: scale)))
  }
}
