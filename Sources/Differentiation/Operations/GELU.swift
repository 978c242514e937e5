import Tensors

/// Which form of the GELU.
public enum GELUForm: Sendable {
  /// x Φ(x) with the normal distribution's Φ, by the error function: PyTorch's default.
  case erf
  /// x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, as GPT-2 has it: `approximate="tanh"` in PyTorch.
  case tanh
}

/// x Φ(x), with Φ + x φ and φ (2 − x²), where Φ and φ are the normal distribution and its density.
///
/// D. Hendrycks, K. Gimpel, "Gaussian error linear units (GELUs)", arXiv:1606.08415.
struct GELUFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let (distribution, density) = Number.branchFreeNormal(x[i])
      y[i] = x[i] * distribution
      slope[i] = distribution + x[i] * density
      curvature[i] = density * (2 - x[i] * x[i])
    }
  }
}

/// x σ(u) with u = 2 √(2/π) (x + 0.044715 x³), which is the form with tanh: (1 + tanh v) / 2 = σ(2v).
///
/// With σ′ = σ (1 − σ): y′ = σ + x σ′ u′, y″ = σ′ (2 u′ + x u″) + x σ′ (1 − 2σ) u′².
struct TanhGELUFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    let a = Number(2 * (2 / Double.pi).squareRoot())
    let b = Number(0.044715) * a
    for i in 0..<count {
      let (v, square) = (x[i], x[i] * x[i])
      let s = Number.branchFreeSigmoid(v * (a + b * square))
      let d = s * (1 - s)
      let u = a + 3 * b * square
      y[i] = v * s
      slope[i] = s + v * d * u
      curvature[i] = d * (2 * u + 6 * b * square) + v * d * (1 - 2 * s) * u * u
    }
  }
}

extension Tape {
  /// The GELU of every number, for any shape.
  public func gelu(_ input: Variable<Number>, form: GELUForm = .erf) -> Variable<Number> {
    switch form {
    case .erf: record(ElementwiseFunction(on: self, input: input, function: GELUFunction()))
    case .tanh: record(ElementwiseFunction(on: self, input: input, function: TanhGELUFunction()))
    }
  }
}
