import Hypergradients
import Runs
import Settings

// What a population can be made of.
extension SearchSettings {
  /// A population for each seed: a trial that took over one of another seed would be validated on
  /// examples that its parameters were trained on.
  ///
  /// - Throws: `ConfigurationError` for trials that could not take each other over.
  func populations(of trials: [Trial]) throws(ConfigurationError) -> [Bracket] {
    guard let first = trials.first?.configuration else { return [] }
    try checkAlike(trials)
    try checkState(first)
    let rungs = try rungs(of: first)
    var seeds: [UInt64] = []
    for trial in trials where !seeds.contains(trial.configuration.seed) {
      seeds.append(trial.configuration.seed)
    }
    return try seeds.map { seed throws(ConfigurationError) in
      let members = trials.indices.filter { trials[$0].configuration.seed == seed }
      guard members.count > 1 else {
        throw refusal(
          "a population needs at least two trials\(seeds.count > 1 ? " of every seed" : ""): give "
            + "--trials N, or a --range with several values.")
      }
      return Bracket(trials: members, rungs: rungs, eta: 1)
    }
  }

  private func refusal(_ sentence: String) -> ConfigurationError {
    ConfigurationError(place: "--strategy \(strategy.rawValue)", sentence: sentence)
  }

  /// Trials may differ in their seeds and in where their hyperparameters start, and in nothing else.
  private func checkAlike(_ trials: [Trial]) throws(ConfigurationError) {
    guard let first = trials.first else { return }
    let starts = HyperparameterName.allCases.flatMap {
      ["hyperparameters.\($0.rawValue).initial", "hyperparameters.\($0.rawValue).raw"]
    }
    for trial in trials {
      if trial.name != first.name {
        throw refusal(
          "the trials of a population have one method, and --methods names \(first.name) and "
            + "\(trial.name): name one of them.")
      }
      let changes = ConfigurationChange.all(from: first.configuration, to: trial.configuration)
      if let change = changes.first(where: { $0.key != "seed" && !starts.contains($0.key) }) {
        throw refusal(
          "the trials of a population may differ in where their hyperparameters start, not in "
            + "\(change.key): give it one value.")
      }
    }
  }

  /// There must be something to take over, and something to change.
  private func checkState(_ configuration: Configuration) throws(ConfigurationError) {
    if configuration.method.rule.startsAnew {
      throw refusal(
        "with method \(configuration.method.rawValue) every window is a training from the start, so "
          + "there is no state to take over: choose another method.")
    }
    if configuration.inner.patience != nil {
      throw refusal(
        "the trials of a population train to the end, and inner.patience would end some before: "
          + "leave it null.")
    }
    let loss = configuration.weightedLoss(classSizes: configuration.expectedClassSizes)
    let isTuned = configuration.hyperparameterNames.contains {
      configuration.hyperparameters[$0].tuned
    }
    if !isTuned, (loss?.weighting.hyperparameterCount ?? 0) == 0 {
      throw refusal(
        "only tuned hyperparameters are changed, and none is: set a hyperparameters.NAME.tuned to "
          + "true.")
    }
  }

  private func rungs(of configuration: Configuration) throws(ConfigurationError) -> [Int] {
    let windows = configuration.windowCount
    guard windows > 1 else {
      throw refusal(
        "the training has one window, and trials take over others between windows: lower "
          + "window.length.")
    }
    let settings = configuration.tuningSettings(configuration.method, .forward)
    func isBetweenUpdates(_ window: Int) -> Bool {
      settings.method.rule.playoutStart(after: window, settings) == nil
    }
    let usual = max(1, windows / Self.usualGenerations)
    let every = every ?? (usual..<windows).first(where: isBetweenUpdates) ?? usual
    guard every < windows else {
      throw ConfigurationError(
        place: "--every \(every)",
        sentence: "must be from 1 to below \(windows), where training ends.")
    }
    guard isBetweenUpdates(every) else {
      throw ConfigurationError(
        place: self.every.map { "--every \($0)" } ?? "--strategy \(strategy.rawValue)",
        sentence: "method \(configuration.method.rawValue) moves hyperparameters after every "
          + "\(configuration.truncatedGlobal.windows) windows, and only then can another trial be "
          + "taken over: --every must be a multiple of that, below the training's \(windows).")
    }
    return Array(stride(from: every, to: windows, by: every)) + [windows]
  }

  private static let usualGenerations = 10
}
