import Hypergradients

// The configuration in the terms of the modules that do the work.
extension Configuration {
  /// φ and the fixed hyperparameters at the start.
  var startingHyperparameters: Hypergradients.Hyperparameters {
    Hypergradients.Hyperparameters(
      HyperparameterName.of(inner.optimizer).map { name in
        let start = hyperparameters[name]
        if start.tuned { return Hyperparameter(name, tunedFrom: start.raw, start.transform) }
        return Hyperparameter(name, fixedAt: start.value)
      })
  }

  /// What moves φ.
  var outerOptimizer: OuterOptimizer {
    switch outer.optimizer {
    case .adam:
      .adam(
        learningRate: outer.learningRate, beta1: outer.beta1, beta2: outer.beta2,
        epsilon: outer.epsilon)
    case .sgd: .sgd(learningRate: outer.learningRate, momentum: outer.momentum)
    }
  }

  /// How windows are made, by the configured method or another.
  func tuningSettings(_ method: Method) -> TuningSettings {
    TuningSettings(
      method: method, steps: inner.steps, window: window.length, observed: window.observed,
      carry: window.carry, estimator: estimator, outerSteps: globalRestart.outerSteps,
      playoutWindows: truncatedGlobal.windows,
      divergence: DivergenceSettings(
        policy: divergence.policy, retreats: divergence.retreats, factor: divergence.shrink))
  }

  /// How many windows the run will have.
  var windowCount: Int {
    method == .globalRestart
      ? globalRestart.outerSteps : (inner.steps + window.length - 1) / window.length
  }
}
