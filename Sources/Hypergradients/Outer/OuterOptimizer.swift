import Glibc

/// What moves the hyperparameters.
public enum OuterOptimizerKind: String, CaseIterable, Sendable {
  case adam, sgd, rprop
}

/// Moves φ against the estimated hypergradient; in double precision, on the raw numbers.
public enum OuterOptimizer: Equatable, Sendable {
  /// Kingma and Ba, arXiv 1412.6980, algorithm 1 (paper, section 4: the outer optimizer).
  ///
  ///     m ← β₁ m + (1 − β₁) h     s ← β₂ s + (1 − β₂) h²
  ///     φ ← φ − lr m/(1 − β₁ᵗ) / (√(s/(1 − β₂ᵗ)) + ε)
  case adam(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)
  /// m ← μ m + h,   φ ← φ − lr m.
  case sgd(learningRate: Double, momentum: Double = 0)

  /// Rprop without weight-backtracking (Igel and Hüsken, "Improving the Rprop learning algorithm", 2000).
  ///
  /// Only the signs of h count: each hyperparameter has a step size of its own, which starts at the
  /// learning rate, grows while its sign stays and shrinks where it turns. After a turn it waits once.
  /// Noise makes the steps small and a far optimum makes them large, whatever the size of h. A smallest
  /// step keeps φ able to follow an optimum that moves.
  case rprop(
    learningRate: Double, shrink: Double = 0.5, growth: Double = 1.2, smallest: Double = 0,
    largest: Double = 1)

  /// Takes one step, in place.
  ///
  /// Nothing here knows limits of φ: the tuner projects φ onto them afterwards, and the state stays as
  /// the step has left it.
  ///
  /// - Parameters:
  ///   - raw: φ, `[q]`.
  ///   - hypergradient: h, `[q]`.
  ///   - state: what the optimizer remembers, for q numbers.
  public func update(
    _ raw: inout [Double], along hypergradient: [Double], _ state: inout OuterState
  ) {
    precondition(
      raw.count == hypergradient.count && raw.count == state.first.count,
      "\(hypergradient.count) hypergradients and a state of \(state.first.count) for \(raw.count)")
    state.step += 1
    switch self {
    case .adam(let rate, let beta1, let beta2, let epsilon):
      let correction1 = 1 - pow(beta1, Double(state.step))
      let correction2 = 1 - pow(beta2, Double(state.step))
      for i in raw.indices {
        let h = hypergradient[i]
        state.first[i] = beta1 * state.first[i] + (1 - beta1) * h
        state.second[i] = beta2 * state.second[i] + (1 - beta2) * h * h
        let root = (state.second[i] / correction2).squareRoot() + epsilon
        raw[i] -= rate * (state.first[i] / correction1) / root
      }
    case .sgd(let rate, let momentum):
      for i in raw.indices {
        state.first[i] = momentum * state.first[i] + hypergradient[i]
        raw[i] -= rate * state.first[i]
      }
    case .rprop(let rate, let shrink, let growth, let smallest, let largest):
      for i in raw.indices {
        let h = hypergradient[i]
        let step = state.second[i] > 0 ? state.second[i] : rate
        // The product of two small numbers may vanish; that of their signs does not.
        let turn = sign(of: h) * sign(of: state.first[i])
        let scaled = step * (turn > 0 ? growth : turn < 0 ? shrink : 1)
        state.second[i] = min(largest, max(smallest, scaled))
        state.first[i] = turn < 0 ? 0 : h
        raw[i] -= state.second[i] * sign(of: state.first[i])
      }
    }
  }
}

private func sign(of number: Double) -> Double { number > 0 ? 1 : number < 0 ? -1 : 0 }

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
