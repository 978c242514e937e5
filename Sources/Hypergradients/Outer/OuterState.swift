/// The state that an outer optimizer keeps between updates.
public struct OuterState: Equatable, Sendable {
  /// The number of updates so far.
  public var step = 0
  /// The mean of the hypergradients (Adam), the velocity (SGD) or the last hypergradient (Rprop; 0
  /// after a sign change), `[q]`.
  public var first: [Double]
  /// The mean square of the hypergradients (Adam) or the step sizes (Rprop; 0 before the first
  /// step), `[q]`; zero for SGD.
  public var second: [Double]

  /// The state before the first update.
  ///
  /// - Parameter count: q.
  public init(count: Int) {
    first = Array(repeating: 0, count: count)
    second = Array(repeating: 0, count: count)
  }
}
