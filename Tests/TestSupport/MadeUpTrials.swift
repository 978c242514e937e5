import Foundation
import Networks
import Runs
import Settings
import Trials

/// The folder of a search with made-up scores: what the tests of `report` look at.
package struct MadeUpTrials {
  package let folder: TemporaryFolder
  package let plan: TrialPlan

  package var path: String { folder.path("found") }

  /// Nine learning rates over six windows, rungs after windows 1 and 2: nine, three and one.
  ///
  /// - Parameter isOver: whether the last trial has come to its end.
  package init(isOver: Bool = true, seeds: [UInt64] = [], isHalving: Bool = true) throws {
    folder = try TemporaryFolder()
    var reader = ConfigurationReader(over: Preset.glyphs.configuration)
    try reader.set("inner.steps", to: "300", option: "--set")
    var settings = SearchSettings()
    let rates = (1...9).map { "0.0\($0)" }.joined(separator: ",")
    settings.ranges = ["learning-rate=\(rates)"]
    settings.seeds = seeds
    settings.rungs = isHalving ? [1, 2] : nil
    settings.strategy = isHalving ? .halving : .all
    plan = try settings.plan(over: reader)
    let trials = plan.trials
    let job = TrialStore.Job(plan: plan, images: "made up") { trial in
      CheckpointFit(
        trials[trial].configuration, try trials[trial].configuration.expectedModel())
    }
    let store = try TrialStore(
      new: .named(folder.path("found")), waiting: nil, try reader.checked(), job)
    try store.log.write("search glyphs: \(plan.trials.count) trials; 1 rank(s)")
    // The higher its learning rate the better; the eighth fails on its way to the second rung.
    for trial in plan.trials.indices {
      let last = isHalving ? [1, 1, 1, 1, 1, 1, 2, 1, isOver ? 6 : 3][trial] : 6
      try store.take(Self.report(plan.trials[trial], windows: last), of: trial)
    }
    if isHalving {
      var failed = TrialReport(window: 1)
      failed.failure = "Training diverged in window 2: <loss> & 'more'."
      try store.take(failed, of: 7)
    }
    if isOver { try store.folder.writeSummary(["command": "search", "seconds": 12.5, "ranks": 2]) }
  }

  private static func report(_ trial: Trial, windows: Int) -> TrialReport {
    var report = TrialReport(window: windows)
    let rate = trial.configuration.hyperparameters[.learningRate].value
    report.windows = (1...windows).map { window in
      let loss = 2.0 - 10 * rate / Double(7 - window)
      return [
        "window": .integer(window), "first_step": .integer(50 * window - 49),
        "last_step": .integer(50 * window), "validation_loss": .number(loss),
        "validation_accuracy": .number(0.1 * Double(window)),
        "hyperparameters": ["learning-rate": .number(rate)], "raw": .numbers([rate]),
        "used": nil, "fallback": nil, "estimates": [:],
      ]
    }
    if windows == 6 {
      report.summary = [
        "test_accuracy": .number(0.9 + rate + 0.01 * Double(trial.configuration.seed)),
        "training_images_per_class": [],
      ]
    }
    return report
  }
}
