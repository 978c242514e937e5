/// A rule that gives every training example a weight: w(ℓ, label; φ), φ being hyperparameters.
///
/// Weights are few (one an example), so they are computed in double precision whatever the network's.
public protocol ExampleWeighting: Sendable {
  /// The length of φ.
  var hyperparameterCount: Int { get }
  /// What each entry of φ is called in logs.
  var hyperparameterNames: [String] { get }
  /// Whether a weight depends on the class of its example, which then must have one.
  var goesByLabels: Bool { get }
  /// The numbers that `weigh` leaves for `tangent` and `pullback`, per example.
  var internalCount: Int { get }

  /// Writes w, dw/dℓ and d²w/dℓ² of some examples, and the internals.
  func weigh(_ examples: WeightedExamples, _ range: Range<Int>, hyperparameters: [Double])

  /// ∂w/∂φ_j and ∂(dw/dℓ)/∂φ_j of one example, after `weigh`.
  func tangent(
    _ examples: WeightedExamples, _ index: Int, along hyperparameter: Int,
    hyperparameters: [Double]
  ) -> (value: Double, slope: Double)

  /// Adds Σ_n α_n ∂w_n/∂φ + β_n ∂(dw_n/dℓ)/∂φ to a vector, after `weigh`.
  ///
  /// - Parameters:
  ///   - alpha: α, `[count]`.
  ///   - beta: β, `[count]`.
  ///   - result: `[hyperparameterCount]`.
  func pullback(
    _ examples: WeightedExamples, alpha: UnsafePointer<Double>, beta: UnsafePointer<Double>,
    hyperparameters: [Double], into result: UnsafeMutablePointer<Double>)
}

extension ExampleWeighting {
  /// No.
  public var goesByLabels: Bool { false }
}

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
  }

  deinit {
    for pointer in [losses, weights, slopes, curvatures, internals] { pointer.deallocate() }
    labels.deallocate()
  }
}
