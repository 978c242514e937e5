import Settings
import Storage

/// The trials, and the rules for stopping some of them early.
package struct TrialPlan: Equatable {
  /// All trials; a trial's index is its number minus one.
  package var trials: [Trial]
  /// The brackets; a trial is in one, or in several that all train it to its end.
  package var brackets: [Bracket]
  /// The criterion that trials are ranked by.
  package var criterion = TrialScore.Criterion.loss
  /// Whether it may have been started with fewer of the same trials.
  package var canGrow = false
  /// Whether each bracket is a population, whose worst trials take over the best at every rung.
  package var isPopulation = false

  package init(
    trials: [Trial], brackets: [Bracket],
    criterion: TrialScore.Criterion = TrialScore.Criterion.loss, canGrow: Bool = false,
    isPopulation: Bool = false
  ) {
    self.trials = trials
    self.brackets = brackets
    self.criterion = criterion
    self.canGrow = canGrow
    self.isPopulation = isPopulation
  }

  /// Everything that determines the results, for `plan.json`.
  package var json: JSONValue {
    .object(
      [.init("criterion", .string(criterion.rawValue))]
        + (isPopulation ? [.init(Self.strategyKey, .string(Self.population))] : []) + [
          .init(
            "brackets",
            .array(
              brackets.map {
                [
                  "trials": .array($0.trials.map { .integer($0 + 1) }),
                  "rungs": .array($0.rungs.map { .integer($0) }), "eta": .integer($0.eta),
                ]
              })),
          .init(
            "trials",
            .array(
              trials.map {
                [
                  "trial": .integer($0.number), "name": .string($0.name),
                  "configuration": .string($0.configuration.yaml(comments: false)),
                ]
              })),
        ])
  }

  private static let strategyKey = "strategy"
  private static let population = "pbt"

  /// Whether the plan that some JSON says is of a population.
  package static func isPopulation(_ json: JSONValue) -> Bool {
    json[strategyKey]?.string == population
  }

  /// Rejects a configured grid, which would apply to all ranks.
  ///
  /// - Throws: `ConfigurationError`
  package static func checkGrid(_ base: Configuration) throws(ConfigurationError) {
    guard base.parallel.grid != .auto else { return }
    throw ConfigurationError(
      key: "parallel.grid",
      sentence: "every group of ranks has a grid of its own: leave it auto, and say --groups.")
  }

  /// How this plan differs from the one that a folder was started with, or nil.
  ///
  /// A plan that can grow may add trials after the same ones, with other rungs: promotions are
  /// decided from scores alone, and the scores of every window are kept.
  package func difference(from json: JSONValue) -> String? {
    let known = json["trials"]?.array ?? []
    if !known.isEmpty, Self.isPopulation(json) != isPopulation { return "another strategy" }
    if isPopulation, !known.isEmpty, known.count != trials.count {
      return "a population keeps its \(known.count) trials, and these are \(trials.count)"
    }
    let isGrown = canGrow && !known.isEmpty && known.count < trials.count
    guard known.count == trials.count || isGrown else {
      return "\(known.count) trials there, \(trials.count) now"
    }
    for (trial, json) in zip(trials, known) {
      var reader = ConfigurationReader(over: Configuration())
      guard let name = json["name"]?.string, let yaml = json["configuration"]?.string,
        (try? reader.read(yaml: yaml, name: "plan.json")) != nil,
        let configuration = try? reader.checked()
      else { return "its plan.json cannot be read" }
      let changes = ConfigurationChange.deciding(from: configuration, to: trial.configuration)
      if let change = changes.first { return "trial \(trial.number): \(change.description)" }
      if name != trial.name { return "trial \(trial.number): \(name) -> \(trial.name)" }
    }
    if isGrown {
      let eta = json["brackets"]?.array?.first?["eta"]?.int
      if eta != brackets.first?.eta { return "another eta" }
    } else if json["brackets"] != self.json["brackets"] {
      return "other rungs"
    }
    if json["criterion"] != self.json["criterion"] { return "another criterion" }
    return nil
  }
}
