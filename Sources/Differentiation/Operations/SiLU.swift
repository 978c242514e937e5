import Tensors

/// x σ(x), with σ (1 + x (1 − σ)) and σ (1 − σ) (2 + x (1 − 2σ)).
///
/// Also called swish. S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-weighted linear units for neural network
/// function approximation in reinforcement learning", Neural Networks 107 (2018).
struct SiLUFunction: ElementFunction {
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  func evaluate<Number: Scalar>(
    _ x: UnsafePointer<Number>, into y: UnsafeMutablePointer<Number>,
    slope: UnsafeMutablePointer<Number>, curvature: UnsafeMutablePointer<Number>, count: Int
  ) {
    for i in 0..<count {
      let s = Number.branchFreeSigmoid(x[i])
      y[i] = x[i] * s
      slope[i] = s * (1 + x[i] * (1 - s))
      curvature[i] = s * (1 - s) * (2 + x[i] * (1 - 2 * s))
    }
  }
}

extension Tape {
  /// x σ(x) of every number, for any shape.
  public func silu(_ input: Variable<Number>) -> Variable<Number> {
    record(ElementwiseFunction(on: self, input: input, function: SiLUFunction()))
  }
}
