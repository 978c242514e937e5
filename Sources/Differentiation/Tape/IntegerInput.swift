/// Whole numbers that a computation reads, such as labels or tokens: no variable, since nothing is
/// differentiated with respect to them.
///
/// They are to be filled before every replay, and may be read in all four passes. Made by
/// ``Tape/integerInput(_:)``; an operation takes one beside its operands and keeps a reference.
public final class IntegerInput {
  /// The shape, row-major.
  public let shape: Shape
  /// How many numbers.
  public let count: Int
  /// The numbers, all 0 at first.
  public let pointer: UnsafeMutablePointer<Int32>

  /// What every number must be below, and not below 0, since they are indices into a table; nil where
  /// they are not.
  public var bound: Int? { owner?.bound ?? ownBound }
  private var ownBound: Int?
  /// Whose memory it is, if not its own.
  private let owner: IntegerInput?

  init(shape: Shape) {
    precondition(
      shape.dimensions.allSatisfy { $0 >= 0 }, "an integer input cannot have the shape \(shape)")
    self.shape = shape
    owner = nil
    count = shape.count
    let capacity = max(1, count)
    pointer = .allocate(capacity: capacity)
    pointer.initialize(repeating: 0, count: capacity)
  }

  /// A view of another one's numbers.
  fileprivate init(_ owner: IntegerInput, shape: Shape) {
    precondition(
      shape.count == owner.count, "whole numbers \(owner.shape) cannot have the shape \(shape)")
    self.shape = shape
    self.owner = owner
    count = owner.count
    pointer = owner.pointer
  }

  /// Notes that the numbers are indices.
  func limit(to count: Int) {
    if let owner { owner.limit(to: count) } else { ownBound = min(ownBound ?? count, count) }
  }

  deinit { if owner == nil { pointer.deallocate() } }
}

extension Tape {
  /// Whole numbers to be filled before every replay, of any rank: `.vector(16)` for the labels of 16
  /// examples, `.tensor([16, 128])` for 16 sequences of 128 tokens.
  public func integerInput(_ shape: Shape) -> IntegerInput { IntegerInput(shape: shape) }
}

extension IntegerInput {
  /// The same numbers, in the same memory, with other dimensions.
  public func reshaped(to dimensions: [Int]) -> IntegerInput {
    IntegerInput(self, shape: .tensor(dimensions))
  }
}
