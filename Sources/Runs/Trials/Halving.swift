/// Successive halving: all trials of a bracket train to the first rung, the best of them continue
/// to the next, and so on to the end (Jamieson and Talwalkar 2016).
///
/// Decided from scores and trial numbers only, once all trials have reached a rung, so which ranks
/// were faster does not matter.
package struct Bracket: Equatable, Sendable {
  /// Its trials, by position.
  package var trials: [Int]
  /// The number of windows up to each rung, ascending; the last is the complete training.
  package var rungs: [Int]
  /// η: of n trials the best ⌊n / η⌋ continue, and at least one.
  package var eta: Int

  /// Creates a bracket of trials that all train to the end.
  package init(toTheEnd trials: [Int], windows: Int) {
    self.init(trials: trials, rungs: [windows], eta: 1)
  }

  /// Creates a bracket with the given rungs.
  package init(trials: [Int], rungs: [Int], eta: Int) {
    precondition(eta >= 1 && rungs.allSatisfy { $0 >= 1 }, "rungs \(rungs), eta \(eta)")
    precondition(zip(rungs, rungs.dropFirst()).allSatisfy(<), "rungs \(rungs) do not ascend")
    self.trials = trials
    self.rungs = rungs
    self.eta = eta
  }

  /// The usual rungs: the last at the end, each earlier one at 1/η of the next, as many as there
  /// are trials for.
  ///
  /// - Parameters:
  ///   - count: the number of trials.
  ///   - windows: the number of windows in a complete training.
  ///   - eta: η, at least 2.
  package static func usualRungs(count: Int, windows: Int, eta: Int) -> [Int] {
    var (rungs, left, position) = ([windows], count, windows)
    while left >= eta, position > 1 {
      position = (position + eta - 1) / eta
      left /= eta
      rungs.append(position)
    }
    return rungs.reversed()
  }

  /// The number of trials that train up to each rung, if none fails.
  package var sizes: [Int] {
    rungs.indices.reduce(into: []) { sizes, rung in
      sizes.append(rung == 0 ? trials.count : max(1, (sizes.last ?? 1) / eta))
    }
  }

  /// The total number of windows over all its trials, if none fails.
  package var windowsInAll: Double {
    zip(sizes, zip(rungs, [0] + rungs)).reduce(0) { $0 + Double($1.0 * ($1.1.0 - $1.1.1)) }
  }

  /// The trials that train up to a rung.
  ///
  /// - Parameters:
  ///   - rung: its index, from 0.
  ///   - score: a trial's badness after a number of windows, if it has one.
  /// - Returns: nil if a trial has not yet reached the previous rung.
  package func members(ofRung rung: Int, score: (_ trial: Int, _ window: Int) -> Standing) -> [Int]?
  {
    var members = trials
    // Where all go on, whoever came to the last rung came to those before it.
    for earlier in (eta == 1 ? max(0, rung - 1) : 0)..<rung {
      var standings: [(trial: Int, badness: Double)] = []
      for trial in members {
        switch score(trial, rungs[earlier]) {
        case .under(let badness): standings.append((trial, badness))
        case .failed: continue
        case .onTheWay: return nil
        }
      }
      standings.sort { ($0.badness, $0.trial) < ($1.badness, $1.trial) }
      members = standings.prefix(max(1, members.count / eta)).map(\.trial)
    }
    return members.sorted()
  }

  /// A trial's state at a rung.
  package enum Standing: Equatable {
    /// It has reached the rung with this badness (lower is better).
    case under(Double)
    /// It has failed and will not reach the rung.
    case failed
    /// It has not reached the rung yet.
    case onTheWay
  }
}
