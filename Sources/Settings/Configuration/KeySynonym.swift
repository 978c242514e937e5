import Hypergradients

/// What people write for a key who know it by another name.
package enum KeySynonym {
  /// The key that was meant, or nil.
  ///
  /// By the last part of a dotted key: `lr`, `inner.lr` and `hyperparameters.lr` are all the learning
  /// rate, but `outer.lr` is that of the outer optimizer.
  package static func of(_ key: String) -> String? {
    let parts = key.lowercased().replacing("_", with: "-").split(separator: ".").map(String.init)
    guard let last = parts.last else { return nil }
    let name = names[last] ?? last
    if parts.count > 1 {
      let place = "\(parts.dropLast().joined(separator: ".")).\(name)"
      if Configuration.settingsByKey[place] != nil { return place }
    }
    if HyperparameterName(rawValue: name) != nil { return "hyperparameters.\(name).initial" }
    return Configuration.settingsByKey[name] == nil ? nil : name
  }

  /// The key in a group that a value without a key is probably for.
  package static func main(of group: String) -> String? {
    if group.hasPrefix("hyperparameters.") { return "\(group).initial" }
    return [
      "data": "data.set", "inner": "inner.optimizer", "window": "window.length",
      "outer": "outer.optimizer", "initial": "initial.parameters", "parallel": "parallel.grid",
      "evaluation": "evaluation.interval", "checkpoint": "checkpoint.every",
      "watchdog": "watchdog.seconds",
    ][group]
  }

  private static let names = [
    "lr": "learning-rate", "learningrate": "learning-rate", "rate": "learning-rate",
    "step-size": "learning-rate", "wd": "weight-decay", "decay": "weight-decay",
    "l2": "weight-decay", "mu": "momentum", "eps": "epsilon", "bs": "inner.batch",
    "batch-size": "inner.batch", "batchsize": "inner.batch", "optim": "inner.optimizer",
    "optimizer": "inner.optimizer", "epochs": "inner.steps", "iterations": "inner.steps",
    "max-steps": "inner.steps", "num-steps": "inner.steps", "scheduler": "inner.schedule",
    "lr-schedule": "inner.schedule", "warmup": "inner.warmup", "warmup-steps": "inner.warmup",
    "lr-scheduler": "inner.schedule", "dataset": "data.set",
    "model": "network", "arch": "network", "architecture": "network", "tau": "window.length",
    "sigma": "window.observed", "dtype": "precision", "bf16": "compute", "amp": "compute",
    "random-seed": "seed", "weights": "initial.parameters", "params": "initial.parameters",
    "augment": "data.flip", "imbalance-factor": "data.imbalance", "rank": "dmd.rank",
    "clip": "dmd.cap", "save-every": "checkpoint.every", "eval-every": "evaluation.interval",
    "timeout": "watchdog.seconds",
  ]
}
