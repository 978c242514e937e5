import TestSupport
import Testing

@testable import Runs
@testable import Settings
@testable import Trials

/// What a population is made of.
@Suite("Plans of populations") struct PopulationPlanTests {
  private func plan(
    _ assignments: [String] = [], _ change: (inout SearchSettings) -> Void = { _ in }
  ) throws -> TrialPlan {
    var reader = ConfigurationReader(over: Preset.glyphs.configuration)
    try reader.set(assignments)
    var settings = SearchSettings()
    settings.strategy = .pbt
    change(&settings)
    return try settings.plan(over: reader)
  }

  @Test("twenty windows make ten generations of twelve trials")
  func usual() throws {
    let plan = try plan()
    #expect(plan.isPopulation && !plan.canGrow && plan.trials.count == 12)
    #expect(
      plan.brackets == [
        Bracket(trials: Array(0..<12), rungs: Array(stride(from: 2, through: 20, by: 2)), eta: 1)
      ])
    #expect(plan.brackets[0].windowsInAll == 240)
    #expect(try self.plan { $0.every = 7 }.brackets[0].rungs == [7, 14, 20])
    #expect(try self.plan { $0.every = 19 }.brackets[0].rungs == [19, 20])
  }

  /// Trials of other seeds validate on what these trained on.
  @Test("a population for each seed")
  func seeds() throws {
    let plan = try plan {
      $0.starts = 3
      $0.seeds = [4, 5]
    }
    #expect(plan.brackets.map(\.trials) == [[0, 2, 4], [1, 3, 5]])
    for bracket in plan.brackets {
      #expect(Set(bracket.trials.map { plan.trials[$0].configuration.seed }).count == 1)
    }
  }

  @Test("rungs lie between the updates of truncated-global")
  func playouts() throws {
    let settings = ["method=truncated-global", "truncated-global.windows=3"]
    #expect(try plan(settings).brackets[0].rungs == [3, 6, 9, 12, 15, 18, 20])
    #expect(try plan(settings) { $0.every = 6 }.brackets[0].rungs == [6, 12, 18, 20])
    let error = #expect(throws: ConfigurationError.self) { try plan(settings) { $0.every = 4 } }
    #expect(error?.description.contains("--every 4: method truncated-global") == true)
  }

  @Test("method none has something to change as well")
  func blackBox() throws {
    #expect(try plan(["method=none"]).trials.count == 12)
  }

  @Test(
    "what cannot be is refused in a sentence",
    arguments: [
      (["learning-rate=0.1"], "", [], nil, "at least two trials"),
      (["learning-rate=0.1,0.2"], "", [], 20, "--every 20: must be from 1 to below 20"),
      (["inner.batch=16,32", "learning-rate=0.1,0.2"], "", [], nil, "not in inner.batch"),
      ([], "none,default", [], nil, "--methods names none and default"),
      ([], "", ["method=global-restart"], nil, "no state to take over"),
      ([], "", ["inner.patience=3"], nil, "inner.patience"),
      (
        [], "",
        [
          "method=none", "hyperparameters.learning-rate.tuned=false",
          "hyperparameters.momentum.tuned=false", "hyperparameters.weight-decay.tuned=false",
        ], nil, "only tuned hyperparameters"
      ),
      ([], "", ["inner.steps=50", "window.length=50"], nil, "has one window"),
    ] as [([String], String, [String], Int?, String)])
  func refuses(
    ranges: [String], methods: String, settings: [String], every: Int?, words: String
  ) {
    let error = #expect(throws: ConfigurationError.self) {
      try plan(settings) {
        $0.ranges = ranges
        if !methods.isEmpty { $0.methods = methods }
        $0.every = every
      }
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test("two seeds with a trial each are no populations")
  func lonely() {
    let error = #expect(throws: ConfigurationError.self) {
      try plan {
        $0.starts = 1
        $0.seeds = [0, 1]
      }
    }
    #expect(error?.description.contains("at least two trials of every seed") == true)
  }
}
