import Tensors

/// The adjoint of a training state on its way back through one step of the optimizer.
///
/// On entry `parameters` and `state` are the adjoints of θ_t and of the optimizer's numbers after the
/// step. Afterwards they are those of θ_{t−1} and of the numbers before it, but for what the gradient
/// adds: the caller adds (∂g/∂θ)ᵀ `gradient`.
public struct OptimizerAdjoint<Number: Scalar> {
  /// θ̄, `[p]`.
  public let parameters: UnsafeMutablePointer<Number>
  /// The adjoints of the state jets, `[stateCount, p]`.
  public let state: UnsafeMutablePointer<Number>
  /// ḡ, `[p]`: written.
  public let gradient: UnsafeMutablePointer<Number>

  /// An adjoint in this memory.
  public init(
    parameters: UnsafeMutablePointer<Number>, state: UnsafeMutablePointer<Number>,
    gradient: UnsafeMutablePointer<Number>
  ) {
    self.parameters = parameters
    self.state = state
    self.gradient = gradient
  }
}
