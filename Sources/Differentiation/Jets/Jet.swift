import Tensors

/// A vector together with K tangents of the same length: a primal and its directional derivatives.
///
/// K = 0 is ordinary training; K is the number of this rank's hyperparameter columns in forward mode
/// and of adjoints in reverse mode. Stored as `[1 + K, stride]`, the primal first, where `stride`
/// leaves room for a few companions and starts every tangent on a vector boundary. Copies share their
/// storage, as buffers do.
public struct Jet<Number: Scalar> {
  /// Length of the primal and of each tangent.
  public let count: Int
  /// K, the number of tangents.
  public let tangentCount: Int
  /// Numbers from the start of one tangent to the start of the next.
  public let stride: Int
  /// `[1 + K, stride]`, the primal first.
  public let storage: Buffer<Number>

  /// A jet of zeros.
  public init(count: Int, tangentCount: Int) {
    precondition(tangentCount >= 0, "a jet cannot have \(tangentCount) tangents")
    self.count = count
    self.tangentCount = tangentCount
    stride = Self.stride(count: count)
    storage = Buffer(count: stride * (1 + tangentCount))
  }

  /// Numbers from the start of one tangent to the next, for vectors of `count`.
  public static func stride(count: Int) -> Int { (count + companionCount + 31) / 32 * 32 }

  /// How many numbers stand between the end of a vector and the start of the next at least.
  public static var companionCount: Int { 8 }

  /// Numbers behind the primal that travel with it when gradients are summed over ranks, such as
  /// the loss they belong to: `[companionCount]`.
  public var companions: UnsafeMutablePointer<Number> { storage.pointer + count }

  /// The value itself, `[count]`.
  public var primal: UnsafeMutableBufferPointer<Number> {
    UnsafeMutableBufferPointer(start: storage.pointer, count: count)
  }

  /// Tangent `k`, `[count]`; `k` in `0..<tangentCount`.
  public func tangent(_ k: Int) -> UnsafeMutableBufferPointer<Number> {
    precondition(k >= 0 && k < tangentCount, "tangent \(k) of a jet with \(tangentCount)")
    return UnsafeMutableBufferPointer(start: storage.pointer + (1 + k) * stride, count: count)
  }
}
