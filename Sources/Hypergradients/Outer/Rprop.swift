import DynamicModes

extension OuterOptimizer {
  /// Rprop without weight-backtracking (Igel and Hüsken, "Improving the Rprop learning algorithm", 2000).
  ///
  /// Only the signs of h matter: each hyperparameter has its own step size, which starts at the
  /// learning rate, grows while the sign of h stays the same and shrinks when it flips. In the step
  /// of a sign change φ does not move. Noise makes the steps small and a distant optimum makes them
  /// large, whatever the magnitude of h. A minimum step size lets φ follow a moving optimum.
  public static func rprop(
    learningRate: Double, shrink: Double = 0.5, growth: Double = 1.2, smallest: Double = 0,
    largest: Double = 1
  ) -> OuterOptimizer {
    OuterOptimizer(
      Rprop(
        learningRate: learningRate, shrink: shrink, growth: growth, smallest: smallest,
        largest: largest))
  }
}

extension OuterOptimizerKind {
  /// The Rprop optimizer.
  public static let rprop = OuterOptimizerKind("rprop") {
    .rprop(
      learningRate: $0.learningRate, shrink: $0.shrink, growth: $0.growth, smallest: $0.smallest,
      largest: $0.largest)
  }
}

private struct Rprop: OuterRule {
  let learningRate, shrink, growth, smallest, largest: Double

  func update(_ raw: inout [Double], along hypergradient: [Double], _ state: inout OuterState) {
    for i in raw.indices {
      let h = hypergradient[i]
      let step = state.second[i] > 0 ? state.second[i] : learningRate
      // The product of two small numbers may underflow to zero; the product of their signs does
      // not.
      let turn = sign(of: h) * sign(of: state.first[i])
      let scaled = step * (turn > 0 ? growth : turn < 0 ? shrink : 1)
      state.second[i] = min(largest, max(smallest, scaled))
      state.first[i] = turn < 0 ? 0 : h
      raw[i] -= state.second[i] * sign(of: state.first[i])
    }
  }

  func complaint(_ settings: OuterSettings) -> Complaint<OuterSettings>? {
    guard !(smallest <= learningRate && learningRate <= largest) else { return nil }
    return Complaint(
      [\.learningRate, \.smallest, \.largest],
      "rprop's first step, the learning rate \(learningRate), must lie between the smallest step, "
        + "\(smallest), and the largest, \(largest).")
  }
}

private func sign(of number: Double) -> Double { number > 0 ? 1 : number < 0 ? -1 : 0 }
