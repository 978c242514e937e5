import Tensors

/// log(1 + exp x), with σ(x) and σ (1 − σ).
struct SoftplusFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let s = Number.branchFreeSigmoid(x[i])
      y[i] = Number.softplus(x[i])
      slope[i] = s
      curvature[i] = s * (1 - s)
    }
  }
}

/// x tanh(u) with u = log(1 + exp x), whose derivatives are s = σ(x) and s (1 − s).
///
/// With t = tanh u, d = 1 − t²: y′ = t + x d s, y″ = 2 d s + x d (s (1 − s) − 2 t s²).
///
/// D. Misra, "Mish: a self regularized non-monotonic activation function", arXiv:1908.08681.
struct MishFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let s = Number.branchFreeSigmoid(x[i])
      // exp(−2u) without a logarithm: (1 − s)². Then t = (1 − q) / (1 + q), 1 − q = s (2 − s).
      let q = (1 - s) * (1 - s)
      let t = s * (2 - s) / (1 + q)
      let d = 4 * q / ((1 + q) * (1 + q))
      y[i] = x[i] * t
      slope[i] = t + x[i] * d * s
      curvature[i] = 2 * d * s + x[i] * d * (s * (1 - s) - 2 * t * s * s)
    }
  }
}

/// x / (1 + |x|), with r² and −2 r³ sign x for r = 1 / (1 + |x|).
struct SoftsignFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let r = 1 / (1 + abs(x[i]))
      y[i] = x[i] * r
      slope[i] = r * r
      curvature[i] = x[i] < 0 ? 2 * r * r * r : -2 * r * r * r
    }
  }
}

extension Scalar {
  /// log(1 + exp x), which neither overflows nor loses small results.
  @inline(__always)
  fileprivate static func softplus(_ x: Self) -> Self {
    let e = exponential(-abs(x))
    // log(1 + e) = e log(w) / (w − 1) with w = 1 + e rounded: W. Kahan's correction.
    let w = 1 + e
    let logarithm = w == 1 ? e : e * logarithm(w) / (w - 1)
    return (x > 0 ? x : 0) + logarithm
  }
}

extension Tape {
  /// log(1 + exp x) of every number, for any shape.
  public func softplus(of input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: SoftplusFunction()))
  }

  /// x tanh(log(1 + exp x)) of every number, for any shape.
  public func mish(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: MishFunction()))
  }

  /// x / (1 + |x|) of every number, for any shape.
  public func softsign(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: SoftsignFunction()))
  }
}
