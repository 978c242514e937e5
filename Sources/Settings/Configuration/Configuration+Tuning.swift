import Hypergradients

// The configuration in the terms of the module that tunes.
extension Configuration {
  /// What moves φ.
  package var outerOptimizer: OuterOptimizer { outer.optimizer.optimizer(outer) }

  /// How windows are made, by the configured method or another.
  package func tuningSettings(_ method: Method, _ mode: DifferentiationMode) -> TuningSettings {
    var divergence = divergence
    // Trained parameters say nothing of what an untrained network's loss is.
    if startsTrained { divergence.rise = nil }
    var implicit = implicit
    implicit.seed = seed
    return TuningSettings(
      method: method, steps: inner.steps, window: window.length, observed: window.observed,
      carry: window.carry, estimator: estimator, outerSteps: globalRestart.outerSteps,
      playoutWindows: truncatedGlobal.windows, implicit: implicit, schedule: inner.schedule,
      warmup: inner.warmup, patience: inner.patience,
      divergence: divergence, mode: mode, trajectoryMemory: parallel.trajectoryMemory * 1_000_000)
  }

  /// How many windows the run will have.
  package var windowCount: Int { tuningSettings(method, .forward).windowCount }
}
