import Networks
import TestSupport
import Testing

@testable import Settings
@testable import Trials

/// What a comparison trains, and what each method may spend.
@Suite("The plan of a comparison") struct ComparisonPlanTests {
  private func cost(_ configuration: Configuration) throws -> TrialCost {
    try TrialCost(configuration, network: configuration.expectedModel())
  }

  private func plan(
    _ assignments: [String] = [], _ change: (inout ComparisonSettings) -> Void
  ) throws -> ComparisonPlan {
    var settings = ComparisonSettings()
    change(&settings)
    var reader = ConfigurationReader(over: Preset.glyphs.configuration)
    try reader.set(assignments)
    return try ComparisonPlan(settings, over: reader, cost: cost)
  }

  /// Passes of all trials of a cell, each to its end or to its last rung.
  private func passes(_ cell: ComparisonPlan.Cell, _ plan: ComparisonPlan) throws -> Double {
    let bracket = plan.brackets[cell.bracket]
    if bracket.rungs.count > 1, let first = bracket.trials.first {
      let one = try cost(plan.trials[first].configuration)
      let windows = Double(one.configuration.windowCount)
      return bracket.windowsInAll * one.passes(windows: Int(windows)) / windows
    }
    return try bracket.trials.reduce(0) {
      let configuration = plan.trials[$1].configuration
      return try $0 + cost(configuration).passes(windows: configuration.windowCount)
    }
  }

  @Test("costs are those of the design")
  func costs() throws {
    // 600 validation images are 4.6875 minibatches of 128; 20 windows of 50 steps; q = 3, sigma = 20.
    let validation = 600.0 / 128
    func whole(_ assignments: [String]) throws -> Double {
      let configuration = try configuration(["mode=forward"] + assignments)
      return try cost(configuration).passes(windows: configuration.windowCount)
    }
    // Sums of twenty numbers below 10 000.
    func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * b }
    #expect(close(try whole(["method=none"]), 1000 + 20 * validation / 3))
    #expect(close(try whole(["method=local"]), 7000 + 20 * validation))
    #expect(close(try whole(["method=glocal"]), 7000 + 400 * validation))
    #expect(close(try whole(["method=global"]), 7 * 50 * 210 + 20 * 4 * validation / 3))
    #expect(
      close(try whole(["method=truncated-global"]), 7000 + 5 * validation + 15 * validation / 3))
    #expect(
      close(
        try whole(["method=global-restart", "global-restart.outer-steps=3"]),
        3 * (7000 + validation)))
  }

  @Test("at equal compute everybody spends what the reference does, to a window")
  func equalCompute() throws {
    let plan = try plan(["mode=forward"]) { $0.seeds = [0, 1] }
    let budget = try #require(plan.budgets.first?.passes)
    let reference = try configuration(["mode=forward"])
    #expect(try budget == cost(reference).passes(windows: reference.windowCount))
    let cells = plan.cells.filter { $0.budget == .compute }
    // Eight methods, two seeds.
    #expect(cells.count == 16)
    for cell in cells {
      let spent = try passes(cell, plan)
      let trials = plan.brackets[cell.bracket].trials
      let dearest =
        try trials.map { trial in
          try cost(plan.trials[trial].configuration).window(remaining: 50)
        }.max() ?? 0
      let slack =
        cell.method == "random-search" ? 0.3 * budget : Double(trials.count) * dearest
      #expect(spent <= budget * (1 + 1e-9), "\(cell.method)")
      #expect(spent >= budget - slack, "\(cell.method): \(spent) of \(budget)")
    }
    let none = try #require(cells.first { $0.method == "none" })
    let steps = plan.trials[plan.brackets[none.bracket].trials[0]].configuration.inner.steps
    // 7000 + 400 V of passes at 50 + V / 3 a window.
    #expect(steps == 50 * Int((7000 + 400 * 4.6875) / (50 + 4.6875 / 3)))
    let own = try #require(cells.first { $0.method == "default" })
    #expect(plan.trials[plan.brackets[own.bracket].trials[0]].configuration.inner.steps == 1000)
  }

  @Test("at equal steps all have the same, and nothing is trained twice")
  func equalSteps() throws {
    let plan = try plan { $0.starts = ["learning-rate=0.001,0.1"] }
    let cells = plan.cells.filter { $0.budget == .steps }
    // Random search is for equal compute alone.
    #expect(cells.count == 2 * 7)
    for cell in cells {
      for trial in plan.brackets[cell.bracket].trials {
        #expect(plan.trials[trial].configuration.inner.steps == 1000)
      }
    }
    let configurations = plan.trials.map(\.configuration)
    for (index, configuration) in configurations.enumerated() {
      // Not in the macro: it would print them all.
      let isRepeated = configurations[..<index].contains(configuration)
      #expect(!isRepeated, "trial \(index + 1)")
    }
    // The sweeps do not depend on the start.
    let sweeps = cells.filter { $0.method == "best-cosine" }.map(\.bracket)
    #expect(sweeps.count == 2 && Set(sweeps).count == 1)
    let cosine = plan.brackets[sweeps[0]].trials.map { plan.trials[$0].configuration }
    #expect(
      cosine.map(\.hyperparameters.learningRate.value) == [0.001, 0.003, 0.01, 0.03, 0.1, 0.3])
    #expect(cosine.allSatisfy { $0.inner.schedule == .cosine && $0.method == .none })
    let nones = cells.filter { $0.method == "none" }.map {
      plan.trials[plan.brackets[$0.bracket].trials[0]].configuration.hyperparameters
        .learningRate.value
    }
    #expect(nones == [0.001, 0.1])
  }

  @Test("the spread of some numbers")
  func spread() {
    #expect(ComparisonReport.spread([]) == nil)
    #expect(ComparisonReport.spread([2]) == "2")
    #expect(ComparisonReport.spread([1, 3]) == "2 ± 1.41")
    #expect(ComparisonReport.spread([0.5, 0.7], times: 100) == "60 ± 14.1")
  }

  @Test("what is wrong is named")
  func refuses() {
    let error = #expect(throws: ConfigurationError.self) {
      try plan { $0.reference = "best-cosine" }
    }
    #expect(error?.description.contains("--reference") == true)
    #expect(throws: ConfigurationError.self) { try plan { $0.starts = ["learning-rate=0.1:1"] } }
    #expect(throws: ConfigurationError.self) { try plan(["parallel.grid=1x2"]) { _ in } }
  }
}
