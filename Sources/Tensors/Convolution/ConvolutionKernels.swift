/// The three products of a convolution for one geometry and one scalar type.
public protocol ConvolutionKernels<Number>: AnyObject {
  associatedtype Number: Scalar

  /// y ← x ∗ w + bias, or y ← y + x ∗ w if `accumulate` (the bias is then ignored).
  func forward(
    input: UnsafePointer<Number>, weights: UnsafePointer<Number>, bias: UnsafePointer<Number>?,
    output: UnsafeMutablePointer<Number>, accumulate: Bool)

  /// A faster algorithm for sums of products whose errors are not amplified (ẏ and all gradients),
  /// or nil.
  var sums: (any ConvolutionSums<Number>)? { get }

  /// x̄ ← the adjoint of x ↦ x ∗ w at ȳ.
  func inputGradient(
    output: UnsafePointer<Number>, weights: UnsafePointer<Number>,
    input: UnsafeMutablePointer<Number>)

  /// w̄ ← the adjoint of w ↦ x ∗ w at ȳ; optionally, b̄ ← the sums of ȳ per channel.
  func weightGradient(
    input: UnsafePointer<Number>, output: UnsafePointer<Number>,
    weights: UnsafeMutablePointer<Number>, bias: UnsafeMutablePointer<Number>?)

  /// Promises that the elements at `pointer` do not change until the next promise for this operand,
  /// and that no others are used in their place; nil withdraws the last promise.
  ///
  /// Kernels that read their operands in another layout or type then convert them only once.
  func hold(_ operand: ConvolutionOperand, at pointer: UnsafePointer<Number>?)
}

extension ConvolutionKernels {
  /// Defaults to nil: there is a single algorithm.
  public var sums: (any ConvolutionSums<Number>)? { nil }

  /// Does nothing by default: no operand is converted.
  public func hold(_ operand: ConvolutionOperand, at pointer: UnsafePointer<Number>?) {}
}

/// Sums of products of a convolution, as needed for its tangents.
public protocol ConvolutionSums<Number>: AnyObject {
  associatedtype Number: Scalar

  /// Two factors: images and weights, or inputs and outputs.
  typealias Term = (UnsafePointer<Number>, UnsafePointer<Number>)

  /// y ← Σ x ∗ w over the terms (x, w).
  func forward(_ terms: [Term], into y: UnsafeMutablePointer<Number>)

  /// x̄ ← (or ← x̄ + if `accumulate`) the sum of the adjoints of x ↦ x ∗ w at ȳ over the terms (ȳ,
  /// w).
  func inputGradient(_ terms: [Term], into x: UnsafeMutablePointer<Number>, accumulate: Bool)

  /// w̄ ← (or ← w̄ + if `accumulate`) the sum of the adjoints of w ↦ x ∗ w at ȳ over the terms (x,
  /// ȳ).
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
