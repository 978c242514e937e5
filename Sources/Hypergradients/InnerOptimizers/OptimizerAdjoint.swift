import Tensors

/// The adjoint of a training state, propagated back through one step of the optimizer.
///
/// On entry `parameters` and `state` are the adjoints of θ_t and of the optimizer's state after the
/// step. On return they are those of θ_{t−1} and of the state before it, without the gradient's
/// contribution: the caller adds (∂g/∂θ)ᵀ `gradient`.
public struct OptimizerAdjoint<Number: Scalar> {
  /// θ̄, `[p]`.
  public let parameters: UnsafeMutablePointer<Number>
  /// The adjoints of the state jets, `[stateCount, p]`.
  public let state: UnsafeMutablePointer<Number>
  /// ḡ, `[p]`; overwritten.
  public let gradient: UnsafeMutablePointer<Number>

  /// An adjoint stored in this memory.
  public init(
    parameters: UnsafeMutablePointer<Number>, state: UnsafeMutablePointer<Number>,
    gradient: UnsafeMutablePointer<Number>
  ) {
    self.parameters = parameters
    self.state = state
    self.gradient = gradient
  }
}
