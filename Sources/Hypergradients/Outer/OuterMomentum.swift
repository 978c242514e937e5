extension OuterOptimizer {
  /// Gradient descent with momentum: m ← μ m + h,   φ ← φ − lr m.
  public static func sgd(learningRate: Double, momentum: Double = 0) -> OuterOptimizer {
    OuterOptimizer(OuterMomentum(learningRate: learningRate, momentum: momentum))
  }
}

extension OuterOptimizerKind {
  /// Gradient descent with momentum.
  public static let sgd = OuterOptimizerKind("sgd") {
    .sgd(learningRate: $0.learningRate, momentum: $0.momentum)
  }
}

private struct OuterMomentum: OuterRule {
  let learningRate, momentum: Double

  func update(_ raw: inout [Double], along hypergradient: [Double], _ state: inout OuterState) {
    for i in raw.indices {
      state.first[i] = momentum * state.first[i] + hypergradient[i]
      raw[i] -= learningRate * state.first[i]
    }
  }
}
