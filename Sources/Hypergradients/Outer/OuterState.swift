/// What an outer optimizer remembers between updates.
public struct OuterState: Equatable, Sendable {
  /// The updates made so far.
  public var step = 0
  /// The mean of the hypergradients (Adam), the velocity (SGD) or the last hypergradient (Rprop; 0 after
  /// a turn), `[q]`.
  public var first: [Double]
  /// The mean square of the hypergradients (Adam) or the step sizes (Rprop, 0 before the first), `[q]`;
  /// zeros with SGD.
  public var second: [Double]

  /// The state before the first update.
  ///
  /// - Parameter count: q.
  public init(count: Int) {
    first = Array(repeating: 0, count: count)
    second = Array(repeating: 0, count: count)
  }
}
