/// The three products of a convolution, for one geometry and one scalar type.
public protocol ConvolutionKernels<Number>: AnyObject {
  associatedtype Number: Scalar

  /// y ← x ∗ w + bias, or y ← y + x ∗ w when `accumulate` (the bias is then not used).
  func forward(
    input: UnsafePointer<Number>, weights: UnsafePointer<Number>, bias: UnsafePointer<Number>?,
    output: UnsafeMutablePointer<Number>, accumulate: Bool)

  /// A faster way for sums of products whose errors stay small, where there is one: ẏ, and all
  /// gradients.
  var sums: (any ConvolutionSums<Number>)? { get }

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
  public var sums: (any ConvolutionSums<Number>)? { nil }

  /// Nothing is converted, nothing need be kept.
  public func hold(_ operand: ConvolutionOperand, at pointer: UnsafePointer<Number>?) {}
}

/// Sums of products of a convolution, as its tangents need them.
public protocol ConvolutionSums<Number>: AnyObject {
  associatedtype Number: Scalar

  /// Two factors: images with weights, or inputs with outputs.
  typealias Term = (UnsafePointer<Number>, UnsafePointer<Number>)

  /// y ← Σ x ∗ w over the terms (x, w).
  func forward(_ terms: [Term], into y: UnsafeMutablePointer<Number>)

  /// x̄ ← (or ← x̄ +, when `accumulate`) the sum of the adjoints of x ↦ x ∗ w at ȳ over the terms
  /// (ȳ, w).
  func inputGradient(_ terms: [Term], into x: UnsafeMutablePointer<Number>, accumulate: Bool)

  /// w̄ ← (or ← w̄ +, when `accumulate`) the sum of the adjoints of w ↦ x ∗ w at ȳ over the terms
  /// (x, ȳ).
  func weightGradient(_ terms: [Term], into w: UnsafeMutablePointer<Number>, accumulate: Bool)
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
