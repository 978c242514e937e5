import Tensors

/// What is known of a step that was taken: the numbers that an optimizer's pullback reads.
public struct RecordedStep<Number: Scalar> {
  /// θ and the optimizer's numbers before the step, `[1 + stateCount, p]`.
  public let before: UnsafePointer<Number>
  /// The same after it.
  public let after: UnsafePointer<Number>
  /// g of the step, `[p]`; valid where the optimizer's `pullbackNeedsGradient`.
  public let gradient: UnsafePointer<Number>
  /// p.
  public let count: Int

  /// A step from its numbers.
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
