/// The three products of a convolution, for one geometry and one scalar type.
public protocol ConvolutionKernels<Number>: AnyObject {
  associatedtype Number: Scalar

  /// y ← x ∗ w + bias, or y ← y + x ∗ w when `accumulate` (the bias is then not used).
  func forward(
    input: UnsafePointer<Number>, weights: UnsafePointer<Number>, bias: UnsafePointer<Number>?,
    output: UnsafeMutablePointer<Number>, accumulate: Bool)

  /// ẏ ← x ∗ ẇ + ḃ or ẏ ← ẏ + ẋ ∗ w: as `forward`, perhaps faster and a little less exact.
  ///
  /// An error in y moves the signs that the rectifiers behind it go by, and with them whole
  /// derivatives; one in ẏ stays as small as it is, as do those in the gradients.
  func forwardTangent(
    input: UnsafePointer<Number>, weights: UnsafePointer<Number>, bias: UnsafePointer<Number>?,
    output: UnsafeMutablePointer<Number>, accumulate: Bool)

  /// x̄ ← the adjoint of x ↦ x ∗ w at ȳ.
  func inputGradient(
    output: UnsafePointer<Number>, weights: UnsafePointer<Number>,
    input: UnsafeMutablePointer<Number>)

  /// w̄ ← the adjoint of w ↦ x ∗ w at ȳ and, if asked, b̄ ← the sums of ȳ per channel.
  func weightGradient(
    input: UnsafePointer<Number>, output: UnsafePointer<Number>,
    weights: UnsafeMutablePointer<Number>, bias: UnsafeMutablePointer<Number>?)

  /// Promises that the numbers at `pointer` do not change before the next promise for this operand,
  /// and that no others take their place; nil takes the last promise back.
  ///
  /// Kernels that read their operands in another layout or type then convert them once only.
  func hold(_ operand: ConvolutionOperand, at pointer: UnsafePointer<Number>?)
}

extension ConvolutionKernels {
  /// There is one way only.
  public func forwardTangent(
    input: UnsafePointer<Number>, weights: UnsafePointer<Number>, bias: UnsafePointer<Number>?,
    output: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    forward(
      input: input, weights: weights, bias: bias, output: output, accumulate: accumulate)
  }

  /// Nothing is converted, nothing need be kept.
  public func hold(_ operand: ConvolutionOperand, at pointer: UnsafePointer<Number>?) {}
}

/// The tensors of a convolution.
public enum ConvolutionOperand: Int, CaseIterable, Sendable {
  /// x, `[batch, input channels, …]`.
  case input
  /// w.
  case weights
  /// y or ȳ, `[batch, output channels, …]`.
  case output
}
