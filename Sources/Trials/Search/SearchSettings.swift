import Presentation
import Runs
import Settings

/// What a search is to try.
package struct SearchSettings: Equatable, Sendable {
  /// How many starting points are drawn; nil: 12 where there is something to draw, else 1.
  package var starts: Int?
  /// `NAME=LOW:HIGH` or `NAME=VALUE,VALUE`; none: learning rates from 0.001 to 0.3.
  package var ranges: [String] = []
  /// Each start is tried with all of them; none: with the configuration's.
  package var seeds: [UInt64] = []
  /// Each start is tried with all of them, as `NamedMethod` reads them.
  package var methods = "default"
  /// η.
  package var eta = 3
  /// Windows up to each rung but the last; nil: the usual ones.
  package var rungs: [Int]?
  /// What becomes of weak trials.
  package var strategy = SearchStrategy.halving
  /// Windows between two generations of a population; nil: the usual number.
  package var every: Int?
  /// `validation-loss` or `validation-accuracy`.
  package var criterion = "validation-loss"

  /// A search with the defaults.
  package init() {}

  /// Trials of a search: each has a folder, and all their configurations are kept.
  package static let mostTrials = 10_000

  static let usualStarts = 12
  static let usualRange = "learning-rate=0.001:0.3"
}

extension SearchSettings {
  /// The trials: starts × lists × seeds × methods, in that order.
  ///
  /// - Parameter reader: what all have in common.
  /// - Throws: `ConfigurationError`
  package func plan(over reader: ConfigurationReader) throws(ConfigurationError) -> TrialPlan {
    guard let criterion = TrialScore.Criterion(rawValue: criterion) else {
      let names = TrialScore.Criterion.allCases.map(\.rawValue).joined(separator: " or ")
      throw ConfigurationError(place: "--by \(criterion)", sentence: "must be \(names).")
    }
    let base = try reader.checked()
    try TrialPlan.checkGrid(base)
    let methods = try NamedMethod.list(methods)
    let seeds = seeds.isEmpty ? [base.seed] : seeds
    var trials: [Trial] = []
    try checkCount(times: [seeds.count, methods.count])
    for start in try startingPoints(seed: base.seed) {
      for seed in seeds {
        for method in methods {
          var own = reader
          for value in start { try own.set(value.key, to: value.text, option: value.option) }
          try own.set("seed", to: "\(seed)", option: "--seeds")
          try own.set("evaluation.baseline", to: "false", option: "evaluation.baseline")
          trials.append(
            Trial(
              number: trials.count + 1, name: method.name,
              configuration: try method.configuration(over: own)))
        }
      }
    }
    if strategy == .pbt {
      let populations = try populations(of: trials)
      return TrialPlan(
        trials: trials, brackets: populations, criterion: criterion, isPopulation: true)
    }
    return TrialPlan(
      trials: trials, brackets: [try bracket(trials)], criterion: criterion, canGrow: true)
  }

  /// A key of a starting point.
  struct Value {
    let key: String
    let text: String
    let option: String
  }

  /// Refuses more trials than there may be, before any is made.
  ///
  /// - Parameter others: what there is besides starts and lists, for each of them.
  /// - Throws: `ConfigurationError`
  private func checkCount(times others: [Int]) throws(ConfigurationError) {
    var lists: [Int] = []
    for text in ranges {
      if case .list(let texts) = try StartingRange(text, option: "--range").values {
        lists.append(texts.count)
      }
    }
    // In Double: the product of many lists may be any number.
    let count = ([starts ?? 1] + lists + others).reduce(1.0) { $0 * Double($1) }
    guard count > Double(Self.mostTrials) else { return }
    throw ConfigurationError(
      sentence:
        "starts times lists times seeds times methods are \(NumberText.brief(count)) trials: "
        + "take at most \(Self.mostTrials).")
  }

  /// The starting points: draws × lists.
  ///
  /// - Parameter seed: what the draws depend on.
  /// - Throws: `ConfigurationError`
  func startingPoints(seed: UInt64) throws(ConfigurationError) -> [[Value]] {
    var ranges: [StartingRange] = []
    for text in self.ranges.isEmpty ? [Self.usualRange] : self.ranges {
      let range = try StartingRange(text, option: "--range")
      if ranges.contains(where: { $0.key == range.key }) {
        throw ConfigurationError(place: range.place, sentence: "that key has a range already.")
      }
      ranges.append(range)
    }
    let draws = ranges.contains { $0.drawn(0, seed: seed) != nil }
    if !draws, let starts, starts > 1 {
      throw ConfigurationError(
        place: "--trials \(starts)",
        sentence: "there is nothing to draw \(starts) starts from: give a --range NAME=LOW:HIGH.")
    }
    var points: [[Value]] = (0..<(starts ?? (draws ? Self.usualStarts : 1))).map { draw in
      ranges.compactMap { range in
        range.drawn(draw, seed: seed).map { Value(key: range.key, text: $0, option: range.place) }
      }
    }
    for range in ranges {
      guard case .list(let texts) = range.values else { continue }
      points = points.flatMap { point in
        texts.map { point + [Value(key: range.key, text: $0, option: range.place)] }
      }
    }
    return points
  }

  private func bracket(_ trials: [Trial]) throws(ConfigurationError) -> Bracket {
    let windows = trials.map(\.configuration.windowCount).max() ?? 1
    guard strategy == .halving else {
      return Bracket(toTheEnd: Array(trials.indices), windows: windows)
    }
    if let rungs {
      guard let first = rungs.first, first >= 1, zip(rungs, rungs.dropFirst()).allSatisfy(<),
        (rungs.last ?? 0) < windows
      else {
        throw ConfigurationError(
          place: "--rungs \(rungs.map { "\($0)" }.joined(separator: ","))",
          sentence: "must be ascending numbers of windows, from 1 to below \(windows), where "
            + "training ends.")
      }
      return Bracket(trials: Array(trials.indices), rungs: rungs + [windows], eta: eta)
    }
    return Bracket(
      trials: Array(trials.indices),
      rungs: Bracket.usualRungs(count: trials.count, windows: windows, eta: eta), eta: eta)
  }
}
