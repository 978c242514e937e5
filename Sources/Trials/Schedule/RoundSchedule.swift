/// Hands out the trials of a round to groups of ranks, piece by piece, as they ask for work.
///
/// A group keeps its trial while it can. It leaves it, to go on later on any group, for one that
/// would else finish after all others: a trial that waits with more work than a fair share
/// of what is left. So groups that do not divide the trials evenly are busy nearly to the end
/// (McNaughton 1959: with such pauses no schedule is better).
///
/// Order and place of the pieces depend on the groups' speed; what a trial comes to does not.
struct RoundSchedule {
  /// A trial's part in a round.
  struct Item: Equatable {
    /// Its position.
    var trial: Int
    /// The windows it has trained.
    var window: Int
    /// The window it is to train to; the same where only its end is left to be looked at.
    var target: Int
    /// What a window costs, in passes over a minibatch, above 0.
    var cost: Double
  }

  /// A piece of work.
  struct Slice: Equatable {
    var trial: Int
    var target: Int
    /// Whether the group has just trained that trial.
    var isKept: Bool
  }

  private var waiting: [Item]
  private var running: [Int: Item] = [:]
  /// What each group trained last.
  private var last: [Int: Int] = [:]
  private let groups: Int
  /// The cost of a piece: small enough for an even end, large enough not to matter.
  private let piece: Double

  /// A round of some trials for a number of groups.
  init(_ items: [Item], groups: Int) {
    precondition(groups >= 1, "\(groups) groups")
    waiting = items
    self.groups = groups
    piece = items.reduce(0) { $0 + Self.left($1) } / Double(8 * groups)
  }

  /// Whether nothing waits and nothing runs.
  var isOver: Bool { waiting.isEmpty && running.isEmpty }

  /// The next piece for a group that has none, or nil while nothing waits.
  mutating func next(for group: Int) -> Slice? {
    precondition(running[group] == nil, "group \(group) has a piece already")
    guard let longest = waiting.indices.max(by: { isShorter(waiting[$0], waiting[$1]) }) else {
      return nil
    }
    let all = (waiting + running.values).reduce(0) { $0 + Self.left($1) }
    let isUrgent = Self.left(waiting[longest]) + size(waiting[longest]) > all / Double(groups)
    let own = waiting.firstIndex { $0.trial == last[group] }
    let keeps = own.map { !isUrgent || !isShorter(waiting[$0], waiting[longest]) } ?? false
    let item = waiting.remove(at: keeps ? own ?? longest : longest)
    running[group] = item
    defer {
      last = last.filter { $0.value != item.trial }
      last[group] = item.trial
    }
    let windows = max(1, Int(size(item) / item.cost))
    return Slice(
      trial: item.trial, target: min(item.target, item.window + windows),
      isKept: item.trial == last[group])
  }

  /// Takes back a group's piece.
  ///
  /// - Parameters:
  ///   - window: how far the trial has come.
  ///   - isDone: whether there is nothing left to be done with it in this round.
  mutating func finish(group: Int, window: Int, isDone: Bool) {
    guard var item = running.removeValue(forKey: group) else {
      preconditionFailure("group \(group) has no piece")
    }
    item.window = window
    if !isDone { waiting.append(item) }
  }

  private func size(_ item: Item) -> Double { max(piece, item.cost) }

  private static func left(_ item: Item) -> Double {
    Double(max(1, item.target - item.window)) * item.cost
  }

  /// Less work, or as much and a higher number.
  private func isShorter(_ first: Item, _ second: Item) -> Bool {
    (Self.left(first), second.trial) < (Self.left(second), first.trial)
  }
}
