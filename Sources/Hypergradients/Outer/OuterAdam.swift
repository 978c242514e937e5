import Glibc

extension OuterOptimizer {
  /// Adam: Kingma and Ba, arXiv 1412.6980, algorithm 1 (paper, section 4: the outer optimizer).
  ///
  ///     m ← β₁ m + (1 − β₁) h     s ← β₂ s + (1 − β₂) h²
  ///     φ ← φ − lr m/(1 − β₁ᵗ) / (√(s/(1 − β₂ᵗ)) + ε)
  public static func adam(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) -> OuterOptimizer {
    OuterOptimizer(
      OuterAdam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon))
  }
}

extension OuterOptimizerKind {
  /// The Adam optimizer.
  public static let adam = OuterOptimizerKind("adam") {
    .adam(learningRate: $0.learningRate, beta1: $0.beta1, beta2: $0.beta2, epsilon: $0.epsilon)
  }
}

private struct OuterAdam: OuterRule {
  let learningRate, beta1, beta2, epsilon: Double

  func update(_ raw: inout [Double], along hypergradient: [Double], _ state: inout OuterState) {
    let correction1 = 1 - pow(beta1, Double(state.step))
    let correction2 = 1 - pow(beta2, Double(state.step))
    for i in raw.indices {
      let h = hypergradient[i]
      state.first[i] = beta1 * state.first[i] + (1 - beta1) * h
      state.second[i] = beta2 * state.second[i] + (1 - beta2) * h * h
      let root = (state.second[i] / correction2).squareRoot() + epsilon
      raw[i] -= learningRate * (state.first[i] / correction1) / root
    }
  }
}
