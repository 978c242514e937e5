import Hypergradients

// The configuration in the terms of the module that tunes.
extension Configuration {
  /// What moves φ.
  package var outerOptimizer: OuterOptimizer {
    switch outer.optimizer {
    case .adam:
      .adam(
        learningRate: outer.learningRate, beta1: outer.beta1, beta2: outer.beta2,
        epsilon: outer.epsilon)
    case .sgd: .sgd(learningRate: outer.learningRate, momentum: outer.momentum)
    case .rprop:
      .rprop(
        learningRate: outer.learningRate, shrink: outer.shrink, growth: outer.growth,
        smallest: outer.smallest, largest: outer.largest)
    }
  }

  /// How windows are made, by the configured method or another.
  package func tuningSettings(_ method: Method, _ mode: DifferentiationMode) -> TuningSettings {
    TuningSettings(
      method: method, steps: inner.steps, window: window.length, observed: window.observed,
      carry: window.carry, estimator: estimator, outerSteps: globalRestart.outerSteps,
      playoutWindows: truncatedGlobal.windows, schedule: inner.schedule,
      patience: inner.patience,
      divergence: DivergenceSettings(
        policy: divergence.policy, retreats: divergence.retreats, factor: divergence.shrink,
        // Trained parameters say nothing of what an untrained network's loss is.
        rise: initial.parameters == nil ? divergence.rise : nil),
      mode: mode, trajectoryMemory: parallel.trajectoryMemory * 1_000_000)
  }

  /// How many windows the run will have.
  package var windowCount: Int { tuningSettings(method, .forward).windowCount }
}
