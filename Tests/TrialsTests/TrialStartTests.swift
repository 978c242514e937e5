import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Settings
@testable import Trials

/// Where trials start, and what methods are called.
@Suite("Starting points of trials") struct TrialStartTests {
  private func plan(_ change: (inout SearchSettings) -> Void) throws -> TrialPlan {
    var settings = SearchSettings()
    change(&settings)
    return try settings.plan(over: ConfigurationReader(over: Preset.glyphs.configuration))
  }

  private func rates(_ plan: TrialPlan) -> [Double] {
    plan.trials.map(\.configuration.hyperparameters.learningRate.value)
  }

  @Test("twelve learning rates, spread over the logarithm of the range")
  func usual() throws {
    let plan = try plan { _ in }
    let rates = rates(plan)
    #expect(plan.trials.map(\.number) == Array(1...12))
    #expect(Set(rates).count == 12 && rates.allSatisfy { (0.001...0.3).contains($0) })
    #expect(rates.contains { $0 < 0.02 } && rates.contains { $0 > 0.02 })
    #expect(plan.brackets == [Bracket(trials: Array(0..<12), rungs: [3, 7, 20], eta: 3)])
    #expect(plan.trials.allSatisfy { !$0.configuration.evaluation.baseline })
  }

  @Test("a draw depends on its key, its number and the seed alone")
  func draws() throws {
    let (one, both) = (
      try plan { $0.starts = 4 },
      try plan {
        $0.starts = 6
        $0.ranges = ["momentum=0.5:0.99", "learning-rate=0.001:0.3"]
      }
    )
    #expect(rates(one) == Array(rates(both).prefix(4)))
    let momenta = both.trials.map(\.configuration.hyperparameters.momentum.value)
    #expect(Set(momenta).count == 6 && momenta.allSatisfy { (0.5...0.99).contains($0) })
    let whole = try plan { $0.ranges = ["window.observed=12:40"] }
    #expect(whole.trials.allSatisfy { (12...40).contains($0.configuration.window.observed) })
  }

  @Test("starts x lists x seeds x methods")
  func product() throws {
    let plan = try plan {
      $0.ranges = ["learning-rate=0.01,0.1"]
      $0.seeds = [3, 4]
      $0.methods = "none,paper,mine:window.carry=0.9,estimator=tail-mean"
    }
    #expect(plan.trials.count == 12)
    #expect(rates(plan) == Array(repeating: 0.01, count: 6) + Array(repeating: 0.1, count: 6))
    let mine = plan.trials[5]
    #expect(mine.name == "mine" && mine.configuration.seed == 4)
    #expect(mine.configuration.window.carry == 0.9)
    #expect(mine.configuration.estimator == .tailMean)
    #expect(plan.trials[0].configuration.method == .none)
  }

  @Test(
    "what is wrong is named",
    arguments: [
      (["learning-rate=0:1"], "above 0"), (["learning-rate=0.3:0.1"], "to a larger one"),
      (["momentum=0.5:1"], "below 1"), (["learning-rat=0.1:0.2"], "learning-rate"),
      (["learning-rate"], "NAME=LOW:HIGH"),
      (["learning-rate=0.1,x"], "learning-rate.initial"),
      (["momentum=0.5:0.9", "momentum=0.5:0.9"], "has a range already"),
    ] as [([String], String)])
  func refuses(ranges: [String], words: String) {
    let error = #expect(throws: ConfigurationError.self) { try plan { $0.ranges = ranges } }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("--range") == true)
  }

  @Test(
    "methods that are not there",
    arguments: [
      ("locl", "Did you mean local?"), ("none,none", "stands there twice"),
      ("mine:x", "KEY=VALUE"), (":window.carry=1", "no name"),
      ("mine:window.cary=1", "window.carry"),
    ])
  func refusesMethods(methods: String, words: String) {
    let error = #expect(throws: ConfigurationError.self) { try plan { $0.methods = methods } }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test("rungs that do not ascend, and draws without a range")
  func refusesOthers() {
    #expect(throws: ConfigurationError.self) { try plan { $0.rungs = [3, 3] } }
    #expect(throws: ConfigurationError.self) { try plan { $0.rungs = [20] } }
    #expect(throws: ConfigurationError.self) {
      try plan {
        $0.ranges = ["learning-rate=0.1,0.2"]
        $0.starts = 3
      }
    }
  }
}
