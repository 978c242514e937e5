import Hypergradients

extension Configuration {
  /// What `global-restart` needs.
  package struct GlobalRestart: Equatable, Sendable {
    /// Whole trainings from θ₀, each followed by one update.
    package var outerSteps = 10

    /// The defaults.
    package init() {}
  }

  /// What `truncated-global` needs.
  package struct TruncatedGlobal: Equatable, Sendable {
    /// Windows in a playout, and between two updates.
    package var windows = 4

    /// The defaults.
    package init() {}
  }

  /// The optimizer of the raw hyperparameters.
  package struct Outer: Equatable, Sendable {
    /// Which one.
    package var optimizer = OuterOptimizerKind.adam
    /// Its step size on the raw hyperparameters.
    package var learningRate = 0.1
    /// SGD alone: its momentum.
    package var momentum = 0.0
    /// Adam alone: the decay of the mean.
    package var beta1 = 0.9
    /// Adam alone: the decay of the mean square.
    package var beta2 = 0.999
    /// Adam alone: added to the root of the mean square.
    package var epsilon = 1e-8
    /// Rprop alone: what a step is multiplied by where the sign turns.
    package var shrink = 0.5
    /// Rprop alone: what a step is multiplied by while the sign stays.
    package var growth = 1.2
    /// Rprop alone: the smallest step.
    package var smallest = 0.0
    /// Rprop alone: the largest step.
    package var largest = 1.0

    /// The defaults.
    package init() {}
  }
}

extension OuterOptimizerKind: SettingValue {}

extension Configuration.GlobalRestart {
  package static let settings = [
    Setting(
      "global-restart.outer-steps", \.globalRestart.outerSteps, legal: .from(1, to: 1_000_000),
      unit: "trainings", source: .ours,
      "Trainings from the start to inner.steps, each followed by one update.")
  ]
}

extension Configuration.TruncatedGlobal {
  package static let settings = [
    Setting(
      "truncated-global.windows", \.truncatedGlobal.windows, legal: .from(1, to: 1_000_000),
      unit: "windows", source: .ours, "Windows in a playout, and between two updates.")
  ]
}

extension Configuration.Outer {
  package static let settings = [
    Setting(
      "outer.optimizer", \.outer.optimizer, source: .paper, "What moves the hyperparameters."),
    Setting(
      "outer.learning-rate", \.outer.learningRate, legal: .above(0), source: .ours,
      "Its step size on the raw numbers; 0.1 with Adam moves a raw number by about 0.1 a window."),
    Setting(
      "outer.momentum", \.outer.momentum, legal: .from(0, below: 1), source: .ours, "sgd alone."),
    Setting(
      "outer.beta1", \.outer.beta1, legal: .from(0, below: 1), source: .ours,
      "adam alone: the decay of the mean."),
    Setting(
      "outer.beta2", \.outer.beta2, legal: .from(0, below: 1), source: .ours,
      "adam alone: the decay of the mean square."),
    Setting(
      "outer.epsilon", \.outer.epsilon, legal: .above(0), source: .ours,
      "adam alone: added to the root of the mean square."),
    Setting(
      "outer.shrink", \.outer.shrink, legal: .above(0, below: 1), source: .ours,
      "rprop alone: what a step is multiplied by where the hypergradient's sign turns."),
    Setting(
      "outer.growth", \.outer.growth, legal: .from(1, to: 10), source: .ours,
      "rprop alone: what a step is multiplied by while the sign stays."),
    Setting(
      "outer.smallest", \.outer.smallest, legal: .from(0), source: .ours,
      "rprop alone: no step on a raw number is smaller, so that it can follow an optimum that moves."
    ),
    Setting(
      "outer.largest", \.outer.largest, legal: .above(0), source: .ours,
      "rprop alone: no step on a raw number is larger."),
  ]
}
