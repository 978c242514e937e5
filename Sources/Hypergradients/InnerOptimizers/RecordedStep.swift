import Tensors

/// The record of a step: the values that an optimizer's pullback reads.
public struct RecordedStep<Number: Scalar> {
  /// θ and the optimizer's state before the step, `[1 + stateCount, p]`.
  public let before: UnsafePointer<Number>
  /// θ and the optimizer's state after the step, `[1 + stateCount, p]`.
  public let after: UnsafePointer<Number>
  /// g of the step, `[p]`; valid only if the optimizer's `pullbackNeedsGradient` is true.
  public let gradient: UnsafePointer<Number>
  /// p, the number of parameters.
  public let count: Int

  /// Creates a record from pointers to its values.
  public init(
    before: UnsafePointer<Number>, after: UnsafePointer<Number>, gradient: UnsafePointer<Number>,
    count: Int
  ) {
    self.before = before
    self.after = after
    self.gradient = gradient
    self.count = count
  }

  /// θ before the step.
  public var parameters: UnsafePointer<Number> { before }
  /// State jet `i` before the step.
  public func state(_ i: Int) -> UnsafePointer<Number> { before + (1 + i) * count }
  /// State jet `i` after the step.
  public func stateAfter(_ i: Int) -> UnsafePointer<Number> { after + (1 + i) * count }
}
