/// The examples of a minibatch with their losses and weights: `[count]` each.
///
/// A reference type with memory of its own, reused from step to step.
public final class WeightedExamples {
  /// B.
  public let count: Int
  /// ℓ.
  public let losses: UnsafeMutablePointer<Double>
  /// The classes.
  public let labels: UnsafeMutablePointer<Int32>
  /// Which training examples they are.
  public let indices: UnsafeMutablePointer<Int>
  /// w.
  public let weights: UnsafeMutablePointer<Double>
  /// dw/dℓ.
  public let slopes: UnsafeMutablePointer<Double>
  /// d²w/dℓ².
  public let curvatures: UnsafeMutablePointer<Double>
  /// What the rule left, `[count, internalCount]`.
  public let internals: UnsafeMutablePointer<Double>

  /// Room for `count` examples under a rule with that many internals.
  public init(count: Int, internalCount: Int) {
    self.count = count
    func numbers(_ n: Int) -> UnsafeMutablePointer<Double> {
      let pointer = UnsafeMutablePointer<Double>.allocate(capacity: max(1, n))
      pointer.initialize(repeating: 0, count: max(1, n))
      return pointer
    }
    losses = numbers(count)
    weights = numbers(count)
    slopes = numbers(count)
    curvatures = numbers(count)
    internals = numbers(count * internalCount)
    labels = .allocate(capacity: max(1, count))
    labels.initialize(repeating: 0, count: max(1, count))
    indices = .allocate(capacity: max(1, count))
    indices.initialize(repeating: 0, count: max(1, count))
  }

  deinit {
    for pointer in [losses, weights, slopes, curvatures, internals] { pointer.deallocate() }
    labels.deallocate()
    indices.deallocate()
  }
}
