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

  /// What `implicit` needs; its seed is the configuration's.
  package typealias Implicit = ImplicitSettings

  /// The optimizer of the raw hyperparameters.
  package typealias Outer = OuterSettings
}

extension OuterOptimizerKind: SettingValue {}
extension ImplicitSolver: SettingValue {}

extension Configuration.GlobalRestart {
  package static let settings = [
    Setting(
      "global-restart.outer-steps", \.globalRestart.outerSteps,
      legal: .range(TuningSettings.legalOuterSteps), unit: "trainings", source: .ours,
      "Trainings from the start to inner.steps, each followed by one update.")
  ]
}

extension Configuration.TruncatedGlobal {
  package static let settings = [
    Setting(
      "truncated-global.windows", \.truncatedGlobal.windows,
      legal: .range(TuningSettings.legalPlayoutWindows), unit: "windows", source: .ours,
      "Windows in a playout, and between two updates.")
  ]
}

extension Configuration.Implicit {
  package static let settings = [
    Setting(
      "implicit.solver", \.implicit.solver, source: .ours,
      "What stands in for the inverse Hessian: terms of the neumann series, cg (conjugate gradients), "
        + "nystrom (random columns), or one-step: the optimizer's last step alone."),
    Setting(
      "implicit.steps", \.implicit.steps, legal: .range(Self.legalSteps), source: .ours,
      "neumann, cg: terms of the series, or iterations."),
    Setting(
      "implicit.rank", \.implicit.rank, legal: .range(Self.legalRanks), unit: "columns",
      source: .ours,
      "nystrom: the columns of the Hessian that are drawn; each takes memory like "
        + "the network's parameters."),
    Setting(
      "implicit.damping", \.implicit.damping, legal: .range(Self.legalDampings), source: .ours,
      "Added to the Hessian's diagonal; not with one-step."),
    Setting(
      "implicit.step-size", \.implicit.stepSize, legal: Legal.range(Self.legalStepSizes).orNull(),
      source: .ours,
      "neumann: what each term is scaled by; null: the learning rate / (1 + momentum)."),
    Setting(
      "implicit.minibatches", \.implicit.minibatches, legal: .range(Self.legalMinibatches),
      unit: "minibatches", source: .ours,
      "Those that the Hessian is the mean of; not with one-step."),
  ]
}

extension Configuration.Outer {
  package static let settings = [
    Setting(
      "outer.optimizer", \.outer.optimizer, source: .paper, "What moves the hyperparameters."),
    Setting(
      "outer.learning-rate", \.outer.learningRate, legal: .range(Self.legalLearningRates),
      source: .ours,
      "Its step size on the raw numbers; 0.1 with Adam moves a raw number by about 0.1 a window."),
    Setting(
      "outer.momentum", \.outer.momentum, legal: .range(Self.legalDecays), source: .ours,
      "sgd alone."),
    Setting(
      "outer.beta1", \.outer.beta1, legal: .range(Self.legalDecays), source: .ours,
      "adam alone: the decay of the mean."),
    Setting(
      "outer.beta2", \.outer.beta2, legal: .range(Self.legalDecays), source: .ours,
      "adam alone: the decay of the mean square."),
    Setting(
      "outer.epsilon", \.outer.epsilon, legal: .range(Self.legalEpsilons), source: .ours,
      "adam alone: added to the root of the mean square."),
    Setting(
      "outer.shrink", \.outer.shrink, legal: .range(Self.legalShrinks), source: .ours,
      "rprop alone: what a step is multiplied by where the hypergradient's sign turns."),
    Setting(
      "outer.growth", \.outer.growth, legal: .range(Self.legalGrowths), source: .ours,
      "rprop alone: what a step is multiplied by while the sign stays."),
    Setting(
      "outer.smallest", \.outer.smallest, legal: .range(Self.legalSmallest), source: .ours,
      "rprop alone: no step on a raw number is smaller, so that it can follow an optimum that moves."
    ),
    Setting(
      "outer.largest", \.outer.largest, legal: .range(Self.legalLargest), source: .ours,
      "rprop alone: no step on a raw number is larger."),
  ]
}
