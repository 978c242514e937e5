import Tensors

/// Population-based training: at each rung the worst trials take over the whole state of the best.
///
/// They go on with other hyperparameters. From M. Jaderberg and others, "Population Based Training of
/// Neural Networks" (2017), with truncation selection.
///
/// Decided from scores, the seed and numbers alone, when all trials have reached a rung: who takes over
/// whom does not depend on which ranks were faster.
package enum Population {
  /// Of n trials the worst n / 5 take over one of the best n / 5 each, and at least one.
  package static let share = 5

  /// A trial that takes over another one, both by position.
  package struct Pair: Equatable, Sendable {
    package let heir: Int
    package let source: Int
  }

  /// Who takes over whom.
  ///
  /// Trials that have failed always take another one over; nobody does where all have failed.
  ///
  /// - Parameters:
  ///   - trials: a population, by position.
  ///   - badness: of a trial at the rung; nil for one that has failed.
  ///   - draws: the random numbers of a trial.
  package static func pairs(
    of trials: [Int], badness: (_ trial: Int) -> Double?, draws: (_ trial: Int) -> PopulationDraws
  ) -> [Pair] {
    let living = trials.compactMap { trial in badness(trial).map { (badness: $0, trial: trial) } }
      .sorted { ($0.badness, $0.trial) < ($1.badness, $1.trial) }.map(\.trial)
    let known = Set(living)
    let failed = trials.filter { !known.contains($0) }
    guard !living.isEmpty, trials.count > 1 else { return [] }
    let count = max(1, trials.count / share)
    let sources = Array(living.prefix(count))
    let worst = living.dropFirst(count).suffix(max(0, count - failed.count))
    return (failed + worst).sorted().map { heir in
      Pair(heir: heir, source: sources[draws(heir).source(among: sources.count)])
    }
  }
}

/// The random numbers of a trial of a population after a window: a function of the seed, the window,
/// the trial and the column.
package struct PopulationDraws: Sendable {
  private let seed: UInt64
  private let step: Int

  /// The numbers of a trial.
  ///
  /// - Parameters:
  ///   - seed: that of the population.
  ///   - window: after which it is.
  ///   - number: the trial's, below 2¹⁶.
  package init(seed: UInt64, window: Int, number: Int) {
    precondition(0..<1 << 16 ~= number, "trial \(number)")
    self.seed = seed
    step = window << 16 + number
  }

  /// Which of some sources is taken over.
  package func source(among count: Int) -> Int {
    var stream = RandomStream(seed: seed, purpose: .population, step: step)
    return stream.integer(below: count)
  }

  /// Whether each column's factor is the larger one: from the second block on, a word for each.
  package func directions(count: Int) -> [Bool] {
    var stream = RandomStream(seed: seed, purpose: .population, step: step, block: 1)
    return (0..<count).map { _ in stream.word() & 1 == 1 }
  }
}
