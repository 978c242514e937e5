import Glibc
import Hypergradients
import MessagePassing
import Presentation
import Runs

/// The root's part in training trials: it knows all of them, gives the groups work, and files what
/// they make of it.
///
/// It leads the first group too, so it looks after the others between its own steps.
final class TrialDispatcher {
  let store: TrialStore
  private let costs: [TrialCost]
  /// A communicator of all ranks on which nothing else is sent.
  private let channel: any Communicator
  /// Tells the user something; false: the log alone.
  private let say: (_ line: String, _ onScreen: Bool) -> Void
  private let wantedGroups: Int?
  /// The live line.
  let watch: TrialWatch

  private var round = 0
  private var schedule = RoundSchedule([], groups: 1)
  private var targets: [Int: Int] = [:]
  private var groupSize = 1
  private var groups = 1
  /// The trial of each group at work.
  private var working: [Int: Int] = [:]
  /// The groups, but for the root's own, that have been told that they will get work.
  private var waiting: Set<Int> = []
  private var isStopping = false
  /// The trials that are done with the round.
  private var done = 0
  /// What went wrong where nothing can be thrown.
  private var error: (any Error)?

  /// Rank-seconds spent on trials.
  private(set) var busySeconds = 0.0

  /// A dispatcher of the trials of a store.
  ///
  /// - Parameters:
  ///   - costs: of each trial.
  ///   - wantedGroups: how many groups there are to be in every round; nil: as suits it.
  ///   - watch: the live line.
  ///   - say: tells the user something, or the log alone.
  init(
    _ store: TrialStore, costs: [TrialCost], channel: any Communicator, wantedGroups: Int?,
    watch: TrialWatch, say: @escaping (_ line: String, _ onScreen: Bool) -> Void
  ) {
    self.store = store
    self.costs = costs
    self.channel = channel
    self.wantedGroups = wantedGroups
    self.watch = watch
    self.say = say
  }

  /// Puts the next round together.
  ///
  /// - Returns: how many groups it is for; 0 when all is done.
  /// - Throws: what keeps a population from being renewed.
  func beginRound() throws -> Int {
    let last = store.plan.brackets.map(\.rungs.count).max() ?? 0
    while round < last {
      try renewPopulation()
      let items = items(ofRound: round)
      defer { round += 1 }
      if items.isEmpty { continue }
      groups =
        wantedGroups
        ?? TrialGroup.bestCount(for: items.map { costs[$0.trial].work }, ranks: channel.size)
      groupSize = channel.size / groups
      schedule = RoundSchedule(items, groups: groups)
      targets = Dictionary(uniqueKeysWithValues: items.map { ($0.trial, $0.target) })
      waiting = Set(1..<max(1, groups))
      done = 0
      say(
        "round \(round + 1) of \(last): \(items.count) trial(s) on \(groups) group(s) of "
          + "\(groupSize) rank(s)", true)
      return groups
    }
    return 0
  }

  /// Whether all groups are to stop: because of a signal, or because nothing can be filed any more.
  var shouldStop: Bool { isStopping || error != nil || StopSignal.received != nil }

  /// The next order for the root's own group; meanwhile looks after the others.
  ///
  /// - Throws: what went wrong in the meantime.
  func ownOrder() throws -> TrialOrder {
    while true {
      serve()
      pass(nil)
      if let error { throw error }
      if shouldStop {
        dismiss(.stop)
        while !working.isEmpty {
          serve()
          usleep(Self.pause)
        }
        if let error { throw error }
        return .stop
      }
      if let order = try order(for: 0) { return order }
      if schedule.isOver {
        dismiss(.roundOver)
        return .roundOver
      }
      usleep(Self.pause)
    }
  }

  /// Takes note of a safe point of the root's own group, or of time alone.
  func pass(_ point: SafePoint?) {
    watch.pass(point) {
      let last = store.plan.brackets.map(\.rungs.count).max() ?? 0
      return TrialWatch.Standing(
        round: "round \(round)/\(last), \(done) of \(targets.count) trial(s)",
        windows: store.records.map(\.window), own: working[0])
    }
  }

  /// Takes the reports that have arrived and gives work to those who wait for it; returns at once.
  func serve() {
    while let sender = channel.waitingSender() {
      let group = sender / groupSize
      take(TrialReport(TrialParcel(bytes: channel.receiveBytes(from: sender))), from: group)
      if !isStopping { waiting.insert(group) }
    }
    guard !shouldStop else { return }
    for group in waiting.sorted() {
      do {
        guard let order = try order(for: group) else { return }
        send(order, to: group)
      } catch {
        self.error = error
        return
      }
    }
  }

  /// Files what a group has made of its trial.
  func take(_ report: TrialReport, from group: Int) {
    guard let trial = working.removeValue(forKey: group) else { return }
    busySeconds += report.seconds * Double(groupSize)
    if report.isInterrupted { isStopping = true }
    let before = store.records[trial].window
    do {
      if report.window >= before { try store.take(report, of: trial) }
    } catch {
      self.error = error
    }
    let record = store.records[trial]
    let isDone = record.failure != nil || !isLeft(trial, record, target: targets[trial] ?? 0)
    schedule.finish(group: group, window: record.window, isDone: isDone)
    if isDone { tell(trial, record) }
  }

  private static let pause: useconds_t = 500

  private func order(for group: Int) throws -> TrialOrder? {
    guard let slice = schedule.next(for: group) else { return nil }
    working[group] = slice.trial
    return .train(
      trial: slice.trial, to: slice.target, isKept: slice.isKept,
      state: slice.isKept ? [] : try store.state(of: slice.trial))
  }

  private func send(_ order: TrialOrder, to group: Int) {
    waiting.remove(group)
    channel.send(bytes: order.parcel.bytes, to: group * groupSize)
  }

  /// Sends a last order to all other groups, at work or not.
  private func dismiss(_ order: TrialOrder) {
    isStopping = order == .stop
    for group in 1..<max(1, groups) { send(order, to: group) }
  }

  /// Between two rounds the worst trials of a population take over the best.
  private func renewPopulation() throws {
    guard round > 0, let rungs = store.plan.brackets.first?.rungs, round <= rungs.count,
      let generation = try store.renew(after: rungs[round - 1])
    else { return }
    for heir in generation.heirs {
      // Weights of examples may be all that moved.
      let changes = heir.changes.isEmpty ? "" : ": \(heir.changes)"
      say(
        "trial \(heir.trial + 1) goes on from trial \(heir.source + 1) after window "
          + "\(generation.window)\(changes)", generation.heirs.count <= Self.mostShown)
    }
    if generation.heirs.count > Self.mostShown {
      say(
        "\(generation.heirs.count) trials go on from others after window \(generation.window)", true
      )
    }
  }

  private func items(ofRound round: Int) -> [RoundSchedule.Item] {
    var seen: Set<Int> = []
    return store.plan.brackets.flatMap { bracket -> [RoundSchedule.Item] in
      guard round < bracket.rungs.count else { return [] }
      let members = bracket.members(ofRung: round, score: standing) ?? []
      return members.compactMap { trial in
        let (record, all) = (store.records[trial], windowCount(trial))
        let target =
          round == bracket.rungs.count - 1 ? all : min(all, bracket.rungs[round])
        guard isLeft(trial, record, target: target), seen.insert(trial).inserted else {
          return nil
        }
        return RoundSchedule.Item(
          trial: trial, window: record.window, target: target,
          cost: costs[trial].passes(windows: all) / Double(all))
      }
    }
  }

  private func isLeft(_ trial: Int, _ record: TrialRecord, target: Int) -> Bool {
    // Patience may have ended a trial before its last window.
    if record.failure != nil || record.summary != nil { return false }
    return record.window < target || target == windowCount(trial)
  }

  private func standing(_ trial: Int, _ window: Int) -> Bracket.Standing {
    let record = store.records[trial]
    let last = record.summary == nil ? windowCount(trial) : record.window
    if let score = record.scores[min(window, last)] {
      return .under(score.badness(store.plan.criterion))
    }
    return record.failure == nil ? .onTheWay : .failed
  }

  private func windowCount(_ trial: Int) -> Int {
    store.plan.trials[trial].configuration.windowCount
  }

  /// Every trial where they are few, else how many are done, about twenty times a round.
  private func tell(_ trial: Int, _ record: TrialRecord) {
    let title = store.plan.trials[trial].title
    let isShown = targets.count <= Self.mostShown
    if let failure = record.failure {
      say("\(title) failed: \(failure)", isShown)
    } else if let score = record.lastScore {
      say(
        "\(title) at window \(record.window): validation loss \(NumberText.brief(score.loss))"
          + (score.accuracy.isNaN ? "" : ", accuracy \(NumberText.brief(score.accuracy))"), isShown)
    }
    done += 1
    if !isShown, 20 * done / targets.count != 20 * (done - 1) / targets.count {
      say("\(done) of \(targets.count) trials", true)
    }
  }

  private static let mostShown = 24
}
