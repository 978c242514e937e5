import Tensors

/// xᵖ, with p xᵖ⁻¹ and p (p − 1) xᵖ⁻².
struct PowerFunction: ElementFunction {
  let exponent: Double

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    let p = Number(exponent)
    for i in 0..<count {
      y[i] = Number.power(x[i], p)
      slope[i] = p * Number.power(x[i], p - 1)
      curvature[i] = p * (p - 1) * Number.power(x[i], p - 2)
    }
  }
}

/// x², with 2x and 2.
struct SquareFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      y[i] = x[i] * x[i]
      slope[i] = 2 * x[i]
      curvature[i] = 2
    }
  }
}

/// r = 1/x, with −r² and 2 r³.
struct ReciprocalFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let r = 1 / x[i]
      y[i] = r
      slope[i] = -r * r
      curvature[i] = 2 * r * r * r
    }
  }
}

extension Tape {
  /// Every number to the power of a constant, for any shape.
  ///
  /// As the C library's `pow`: NaN for negative numbers unless the exponent is whole; the second
  /// derivative at 0 is infinite between the exponents 1 and 2.
  public func power(_ input: Variable<Number>, _ exponent: Double) -> Variable<Number> {
    switch exponent {
    case -1: record(ElementwiseFunction(on: self, input: input, function: ReciprocalFunction()))
    case 0.5: squareRoot(input)
    case 1: scaled(input, by: 1)
    case 2: record(ElementwiseFunction(on: self, input: input, function: SquareFunction()))
    default:
      record(
        ElementwiseFunction(on: self, input: input, function: PowerFunction(exponent: exponent)))
    }
  }
}
