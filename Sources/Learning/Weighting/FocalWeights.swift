import Glibc

/// The weight of the focal loss, so that examples that are right already count little.
///
///     w(ℓ) = (1 − e^(−ℓ))^γ,   γ = e^φ
///
/// Lin and others 2017, "Focal loss for dense object detection". φ is the one hyperparameter.
/// With p = e^(−ℓ), the probability of the right class, and u = 1 − p: u′ = p and p′ = −p, so
///
///     w′ = γ p u^(γ−1)      w″ = γ p u^(γ−2) ((γ−1) p − u)
///     ∂w/∂φ = γ w ln u      ∂w′/∂φ = w′ (1 + γ ln u)
public struct FocalWeights: ExampleWeighting, Equatable {
  /// γ at the start of a run, above 0.
  public let gamma: Double

  /// The weights of a γ.
  public init(gamma: Double) {
    precondition(gamma > 0 && gamma.isFinite, "a focal loss with γ = \(gamma)")
    self.gamma = gamma
  }

  /// One.
  public var hyperparameterCount: Int { 1 }

  /// `focal.log_gamma`.
  public var hyperparameterNames: [String] { ["focal.log_gamma"] }

  /// `focal.log_gamma`.
  public var tensors: [(name: String, shape: [Int])] { [("focal.log_gamma", [1])] }

  /// ln γ.
  public func initialHyperparameters(seed: UInt64) -> [Double] { [log(gamma)] }

  /// The weight at losses from 0 to 10.
  public func table(hyperparameters: [Double]) -> WeightTable {
    .byLoss { pow(-expm1(-max($0, 0)), exp(hyperparameters[0])) }
  }

  /// ln u.
  public var internalCount: Int { 1 }

  /// Losses below this, where powers of u are no longer exact, count as this.
  private static let leastLoss = 1e-9

  /// Writes weights, slopes and curvatures.
  public func weigh(
    _ examples: WeightedExamples, _ range: Range<Int>, hyperparameters: [Double]
  ) {
    let gamma = exp(hyperparameters[0])
    for n in range {
      let loss = max(examples.losses[n], Self.leastLoss)
      let (p, u) = (exp(-loss), -expm1(-loss))
      let weight = pow(u, gamma)
      examples.weights[n] = weight
      examples.slopes[n] = gamma * p * weight / u
      examples.curvatures[n] = gamma * p * weight / (u * u) * ((gamma - 1) * p - u)
      examples.internals[n] = log(u)
    }
  }

  /// Along ln γ.
  public func tangent(
    _ examples: WeightedExamples, _ index: Int, along hyperparameter: Int,
    hyperparameters: [Double]
  ) -> (value: Double, slope: Double) {
    let scaled = exp(hyperparameters[0]) * examples.internals[index]
    return (scaled * examples.weights[index], examples.slopes[index] * (1 + scaled))
  }

  /// The same, summed up.
  public func pullback(
    _ examples: WeightedExamples, alpha: UnsafePointer<Double>, beta: UnsafePointer<Double>,
    hyperparameters: [Double], into result: UnsafeMutablePointer<Double>
  ) {
    for n in 0..<examples.count {
      let change = tangent(examples, n, along: 0, hyperparameters: hyperparameters)
      result[0] += alpha[n] * change.value + beta[n] * change.slope
    }
  }
}
