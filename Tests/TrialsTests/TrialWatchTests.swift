import TestSupport
import Testing

@testable import Presentation
@testable import Runs
@testable import Trials

/// The live line of a search.
@Suite struct TrialWatches {
  private final class Sink { var lines: [String] = [] }
  private final class Time { var now = 0.0 }

  /// Nine trials of six windows, nine up to window 1, three to 2, one to the end: 9 + 3 + 4 windows.
  @Test("says the round, the time left by what is done, and where the first group is")
  func search() throws {
    let plan = try MadeUpTrials(isOver: false).plan
    let costs = try plan.trials.map { trial in
      try TrialCost(
        trial.configuration, network: trial.configuration.expectedModel())
    }
    let one = costs[0].passes(windows: 6) / 6
    #expect(abs(TrialWatch.passes(of: plan, costs) - 16 * one) <= 1e-9 * one)

    let (sink, time) = (Sink(), Time())
    let live = LiveLine(style: .terminal(width: { 80 })) { sink.lines.append($0) }
    let watch = TrialWatch(live, plan, costs) { time.now }
    var windows = Array(repeating: 0, count: 9)
    func pass(own: Int?) {
      watch.pass(.step) {
        TrialWatch.Standing(round: "round 1/3, 0 of 9 trials", windows: windows, own: own)
      }
    }
    watch.begin(trial: 0, window: 1)
    pass(own: 0)
    #expect(sink.lines.isEmpty)
    windows[3] = 1
    windows[4] = 1
    watch.begin(trial: 2, window: 1)
    for _ in 0..<25 { pass(own: 2) }
    time.now = 10
    pass(own: 2)
    // Two windows and a half of sixteen in ten seconds leave 54.
    #expect(
      sink.lines
        == [
          "\rround 1/3, 0 of 9 trials · about 0:54 left · trial 3: window 1/6, step 25/50\u{1B}[K"
        ])
  }

  @Test("trials in several brackets are counted once where they train to the end")
  func shared() throws {
    var plan = try MadeUpTrials(isHalving: false).plan
    plan.brackets.append(Bracket(toTheEnd: [0, 1], windows: 6))
    let costs = try plan.trials.map { trial in
      try TrialCost(
        trial.configuration, network: trial.configuration.expectedModel())
    }
    let all = costs.reduce(0) { $0 + $1.passes(windows: 6) }
    #expect(abs(TrialWatch.passes(of: plan, costs) - all) <= 1e-9 * all)
  }
}
