import Hypergradients
import Presentation
import Runs

/// What the live line of a job with many trials shows: how far the round is, how long all of it still
/// takes, and where the first group's trial stands.
///
/// Only the job's root has it.
final class TrialWatch {
  private let live: LiveLine
  private let trials: [Trial]
  private let costs: [TrialCost]
  /// Passes over a minibatch of all rounds together, as far as that can be told beforehand.
  private let all: Double
  private var heartbeat: Heartbeat
  /// When this start of the job began, and what was there by then.
  private var start: (seconds: Double, passes: Double)?
  private let seconds: () -> Double
  private var inside = WindowSteps(all: 1)
  private var own: (trial: Int, window: Int)?

  /// A watch over the trials of a plan.
  ///
  /// - Parameter seconds: since whenever.
  init(
    _ live: LiveLine, _ plan: TrialPlan, _ costs: [TrialCost],
    seconds: @escaping () -> Double = TrialWatch.secondsSinceStart
  ) {
    self.live = live
    trials = plan.trials
    self.costs = costs
    self.seconds = seconds
    heartbeat = Heartbeat(seconds: seconds)
    all = Self.passes(of: plan, costs)
  }

  private static let start = ContinuousClock.now

  private static func secondsSinceStart() -> Double { (ContinuousClock.now - start).inSeconds }

  /// Passes over a minibatch that a plan costs if no trial fails: who goes on is not known yet, so a
  /// bracket's trials count alike.
  static func passes(of plan: TrialPlan, _ costs: [TrialCost]) -> Double {
    var seen: Set<Int> = []
    return plan.brackets.reduce(0) { sum, bracket in
      let trials = bracket.trials.filter { bracket.rungs.count > 1 || seen.insert($0).inserted }
      let whole = trials.map { trial in
        costs[trial].passes(windows: plan.trials[trial].configuration.windowCount)
      }
      let mean = whole.reduce(0, +) / Double(max(1, whole.count))
      guard bracket.rungs.count > 1, let end = bracket.rungs.last else {
        return sum + mean * Double(trials.count)
      }
      return sum + mean * bracket.windowsInAll / Double(end)
    }
  }

  /// An attempt at a window of the first group's trial begins.
  func begin(trial: Int, window: Int) {
    own = (trial, window)
    inside = WindowSteps(all: trials[trial].configuration.steps(ofWindow: window))
  }

  /// Takes note of a safe point, or of nothing but time, and moves the live line where it is due.
  ///
  /// - Parameter standing: what the dispatcher knows, asked for only then.
  func pass(_ point: SafePoint?, _ standing: () -> Standing) {
    guard !live.isSilent else { return }
    if let point { inside.pass(point) }
    if start == nil { start = (seconds(), done(standing())) }
    guard heartbeat.isDue() else { return }
    show(standing())
  }

  /// What the dispatcher knows.
  struct Standing {
    /// `round 1/3, 5 of 12 trials`.
    var round: String
    /// The windows of each trial that are on the disk.
    var windows: [Int]
    /// The trial of the first group; nil while it has none.
    var own: Int?
  }

  /// Passes over a minibatch so far: of windows on the disk, and of the first group's trial since then.
  private func done(_ standing: Standing) -> Double {
    let known = standing.windows.indices.reduce(0) {
      $0 + costs[$1].passes(windows: standing.windows[$1])
    }
    guard let trial = standing.own, let own, own.trial == trial else { return known }
    let (before, after) = (
      costs[trial].passes(windows: own.window - 1), costs[trial].passes(windows: own.window)
    )
    let here = before + inside.share * (after - before)
    return known + max(0, here - costs[trial].passes(windows: standing.windows[trial]))
  }

  private func show(_ standing: Standing) {
    let done = done(standing)
    var parts = [standing.round]
    if let begun = start, done > begun.passes, all > done {
      let elapsed = seconds() - begun.seconds
      let left = elapsed * (all - done) / (done - begun.passes)
      parts.append("about \(NumberText.duration(seconds: left)) left")
    }
    if let trial = standing.own {
      var words = "trial \(trials[trial].number)"
      if let own, own.trial == trial {
        let windows = trials[trial].configuration.windowCount
        words += ": window \(own.window)/\(windows), \(inside.text)"
      }
      parts.append(words)
    }
    live.show(LiveStatus(parts: parts, share: done / max(1, all)))
  }
}
