import TestSupport
import Testing

@testable import Runs
@testable import Trials

/// The hand-out of a round's work, with groups of any speed.
@Suite("The hand-out of trials") struct TrialScheduleTests {
  /// What came of a simulated round.
  private struct Outcome {
    var trained: [Int: [Int]] = [:]
    var busy = 0.0
    var end = 0.0
  }

  /// Trains all items in groups whose windows take as long as `seconds` says.
  private func simulate(
    _ items: [RoundSchedule.Item], groups: Int, seconds: (_ group: Int) -> Double
  ) -> Outcome {
    var schedule = RoundSchedule(items, groups: groups)
    var outcome = Outcome()
    var window = Dictionary(uniqueKeysWithValues: items.map { ($0.trial, $0.window) })
    let target = Dictionary(uniqueKeysWithValues: items.map { ($0.trial, $0.target) })
    let cost = Dictionary(uniqueKeysWithValues: items.map { ($0.trial, $0.cost) })
    var running: [Int: (slice: RoundSchedule.Slice, end: Double)] = [:]
    var holder: [Int: Int] = [:]
    var now = 0.0
    while !schedule.isOver {
      for group in 0..<groups where running[group] == nil {
        guard let slice = schedule.next(for: group) else { continue }
        #expect(!running.values.contains { $0.slice.trial == slice.trial }, "trained twice")
        // Only the group that trained it last can have it still.
        if slice.isKept { #expect(holder[slice.trial] == group) }
        holder[slice.trial] = group
        let from = window[slice.trial] ?? 0
        outcome.trained[slice.trial, default: []] += from + 1..<slice.target + 1
        let time =
          Double(max(1, slice.target - from)) * (cost[slice.trial] ?? 1) * seconds(group)
        outcome.busy += time
        running[group] = (slice, now + time)
        window[slice.trial] = slice.target
      }
      guard let next = running.min(by: { ($0.value.end, $0.key) < ($1.value.end, $1.key) }) else {
        Issue.record("work is left and nobody is at it")
        break
      }
      now = next.value.end
      running[next.key] = nil
      let trial = next.value.slice.trial
      schedule.finish(
        group: next.key, window: next.value.slice.target,
        isDone: next.value.slice.target == target[trial])
    }
    outcome.end = now
    return outcome
  }

  @Test("every window of every trial once", arguments: 0..<UInt64(40))
  func allOnce(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let groups = Int.random(in: 1...9, using: &random)
    let items = (0..<Int.random(in: 1...30, using: &random)).map { trial in
      let window = Int.random(in: 0...5, using: &random)
      return RoundSchedule.Item(
        trial: trial, window: window, target: window + Int.random(in: 1...20, using: &random),
        cost: Double.random(in: 0.1...10, using: &random))
    }
    let speeds = (0..<groups).map { _ in Double.random(in: 0.2...2, using: &random) }
    let outcome = simulate(items, groups: groups) { speeds[$0] }
    for item in items {
      #expect(
        outcome.trained[item.trial] == Array(item.window + 1..<item.target + 1), "seed \(seed)")
    }
    #expect(outcome.trained.count == items.count)
  }

  /// Groups that do not divide the trials: whole trials alone would leave a third idle.
  @Test("groups are busy nearly to the end", arguments: [(12, 8, 24), (9, 8, 24), (5, 4, 16)])
  func busy(trials: Int, groups: Int, windows: Int) {
    let items = (0..<trials).map {
      RoundSchedule.Item(trial: $0, window: 0, target: windows, cost: 1)
    }
    let outcome = simulate(items, groups: groups) { _ in 1 }
    let idle = 1 - outcome.busy / (Double(groups) * outcome.end)
    // At most a piece or two at the end, of about eight and a half that each group has.
    #expect(idle <= 0.12, "\(idle)")
  }

  /// A piece is a sixteenth of the work of ten trials: the first trial takes two.
  @Test("a group keeps its trial where nothing else is pressing")
  func keeps() {
    let items = (0..<10).map { RoundSchedule.Item(trial: $0, window: 0, target: 80, cost: 1) }
    var schedule = RoundSchedule(items, groups: 2)
    let first = schedule.next(for: 0)
    #expect(first == RoundSchedule.Slice(trial: 0, target: 50, isKept: false))
    let other = schedule.next(for: 1)
    #expect(other?.trial == 1)
    schedule.finish(group: 0, window: 50, isDone: false)
    let second = schedule.next(for: 0)
    #expect(second == RoundSchedule.Slice(trial: 0, target: 80, isKept: true))
    schedule.finish(group: 0, window: 80, isDone: true)
    let third = schedule.next(for: 0)
    #expect(third?.trial == 2)
  }

  @Test("as many groups as there are trials for, none without work")
  func groupCounts() {
    let work = WindowWork(hyperparameters: 3, shards: 8)
    func best(_ trials: Int, _ ranks: Int, _ work: WindowWork) -> Int {
      TrialGroup.bestCount(for: Array(repeating: work, count: trials), ranks: ranks)
    }
    #expect(best(12, 8, work) == 8)
    #expect(best(4, 8, work) == 4)
    #expect(best(3, 8, work) == 2)
    #expect(best(1, 8, work) == 1)
    #expect(best(2, 7, work) == 1)
    // One rank of 64 more than 3 columns of 8 shards keep busy: some groups get no trial.
    #expect(best(1, 64, work) == 4)
    #expect(best(1, 16, WindowWork(hyperparameters: 0, shards: 8)) == 2)
  }
}
