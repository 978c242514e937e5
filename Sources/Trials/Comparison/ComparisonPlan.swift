import Hypergradients
import Runs
import Settings

/// The trials of a comparison, and which of them a number of its tables comes from.
struct ComparisonPlan {
  /// A method with one start, one seed and one budget: the best trial of a bracket counts, and the cost
  /// of all of them.
  struct Cell: Equatable {
    var budget: Budget
    var start: String
    var method: String
    var seed: UInt64
    var bracket: Int
  }

  private(set) var trials: [Trial] = []
  private(set) var brackets: [Bracket] = []
  private(set) var cells: [Cell] = []
  /// What each start's reference costs, in passes over a minibatch.
  private(set) var budgets: [(start: String, passes: Double)] = []
  /// The brackets by their contents, and by its configuration what trains to its end.
  private var knownBrackets: [String: Int] = [:]
  private var wholeTrials: [String: Int] = [:]

  /// Puts a comparison together.
  ///
  /// - Parameters:
  ///   - reader: what all trials have in common.
  ///   - cost: of a configuration.
  /// - Throws: `ConfigurationError`, and what `cost` throws.
  init(
    _ settings: ComparisonSettings, over reader: ConfigurationReader,
    cost: @escaping (Configuration) throws -> TrialCost
  ) throws {
    var reader = reader
    try reader.set("evaluation.baseline", to: "false", option: "evaluation.baseline")
    let base = try reader.checked()
    try TrialPlan.checkGrid(base)
    let methods = try NamedMethod.list(
      settings.methods, others: Baseline.allCases.map(\.rawValue))
    let seeds = settings.seeds.isEmpty ? [base.seed] : settings.seeds
    // Also where no method draws from them: nothing that is wrong is passed over.
    for text in settings.ranges { _ = try StartingRange(text, option: "--range") }
    let reference = try Self.reference(settings, methods, reader)
    let starts = try Self.starts(settings.starts, over: reader)
    let count = starts.count * settings.budgets.count * methods.count * seeds.count
    if count > SearchSettings.mostTrials {
      throw ConfigurationError(
        sentence:
          "starts times budgets times methods times seeds are \(count) trials: take at most "
          + "\(SearchSettings.mostTrials).")
    }
    for start in starts {
      let passes = try reference.map { method in
        let configuration = try method.configuration(over: start.reader)
        return try cost(configuration).passes(windows: configuration.windowCount)
      }
      if let passes { budgets.append((start.name, passes)) }
      for budget in settings.budgets {
        let limit = budget == .compute ? passes : nil
        if budget == .compute, limit == nil { continue }
        for method in methods {
          for seed in seeds {
            let place = Place(budget: budget, limit: limit, seed: seed, cost: cost)
            var own = start.reader
            try own.set("seed", to: "\(seed)", option: "--seeds")
            var common = reader
            try common.set("seed", to: "\(seed)", option: "--seeds")
            let bracket: Int?
            switch Baseline(rawValue: method.name) {
            case nil: bracket = try single(method, own, place)
            case .randomSearch: bracket = try randomSearch(settings, common, place)
            case .bestConstant, .bestCosine:
              bracket = try sweep(settings.sweep, method.name, common, place)
            }
            guard let bracket else { continue }
            cells.append(
              Cell(
                budget: budget, start: start.name, method: method.name, seed: seed,
                bracket: bracket))
          }
        }
      }
    }
  }

  /// The plan for the engine; selection is by the validation loss.
  var trialPlan: TrialPlan { TrialPlan(trials: trials, brackets: brackets) }

  /// Where in the tables a bracket belongs.
  private struct Place {
    let budget: Budget
    /// Passes over a minibatch; nil at equal steps.
    let limit: Double?
    let seed: UInt64
    let cost: (Configuration) throws -> TrialCost

    /// A configuration with the steps that a share of the budget pays.
    func paid(
      _ reader: ConfigurationReader, _ method: NamedMethod?, share: Double = 1
    ) throws -> Configuration {
      let whole = try method?.configuration(over: reader) ?? reader.checked()
      guard let limit else { return whole }
      var reader = reader
      // What the reference pays for itself must not fail by a rounding.
      let own = limit / share * (1 + 1e-12)
      if whole.method == .globalRestart {
        let count = max(1, Int(own / (try cost(whole).window(remaining: whole.inner.steps))))
        try reader.set("global-restart.outer-steps", to: "\(count)", option: "equal compute:")
      } else {
        let steps = try cost(whole).steps(within: own)
        try reader.set("inner.steps", to: "\(steps)", option: "equal compute:")
      }
      return try method?.configuration(over: reader) ?? reader.checked()
    }
  }

  private mutating func single(
    _ method: NamedMethod, _ reader: ConfigurationReader, _ place: Place
  ) throws -> Int {
    let configuration = try place.paid(reader, method)
    return add([(method.name, configuration)], rungs: [configuration.windowCount], eta: 1)
  }

  private mutating func sweep(
    _ values: [Double], _ name: String, _ reader: ConfigurationReader, _ place: Place
  ) throws -> Int? {
    let schedule = Baseline(rawValue: name)?.schedule ?? "constant"
    let runs = try values.map { value in
      var own = reader
      try own.set("hyperparameters.learning-rate.initial", to: "\(value)", option: "--sweep")
      try Self.fix(&own, schedule: schedule)
      return (name, try place.paid(own, nil, share: Double(values.count)))
    }
    let windows = runs.map(\.1.windowCount).max() ?? 1
    return add(runs, rungs: [windows], eta: 1)
  }

  /// As many trials as the budget pays.
  private mutating func randomSearch(
    _ settings: ComparisonSettings, _ reader: ConfigurationReader, _ place: Place
  ) throws -> Int? {
    guard let limit = place.limit else { return nil }
    var common = reader
    try Self.fix(&common, schedule: "constant")
    let one = try common.checked()
    let windows = one.windowCount
    let price = try place.cost(one).passes(windows: windows) / Double(windows)
    let count = (1...Self.mostTrials).last { count in
      let bracket = Bracket(
        trials: Array(0..<count),
        rungs: Bracket.usualRungs(count: count, windows: windows, eta: settings.eta),
        eta: settings.eta)
      return bracket.windowsInAll * price <= limit * (1 + 1e-12)
    }
    guard let count else {
      return add(
        [(Baseline.randomSearch.rawValue, try place.paid(common, nil))],
        rungs: [try place.paid(common, nil).windowCount], eta: 1)
    }
    var search = SearchSettings()
    search.ranges = settings.ranges
    search.starts = count
    let runs = try search.startingPoints(seed: place.seed).map { start in
      var own = common
      for value in start { try own.set(value.key, to: value.text, option: value.option) }
      return (Baseline.randomSearch.rawValue, try own.checked())
    }
    return add(
      runs, rungs: Bracket.usualRungs(count: runs.count, windows: windows, eta: settings.eta),
      eta: settings.eta)
  }

  private static let mostTrials = 500

  /// A bracket of some configurations; what is there already is not trained twice.
  private mutating func add(
    _ runs: [(name: String, configuration: Configuration)], rungs: [Int], eta: Int
  ) -> Int {
    let contents = runs.map { $0.configuration.yaml(comments: false) }
    let key = "\(rungs) \(contents.joined())"
    if let known = knownBrackets[key] { return known }
    let isWhole = rungs.count == 1
    let members = zip(runs, contents).map { run, content -> Int in
      if isWhole, let known = wholeTrials[content] { return known }
      let trial = trials.count
      trials.append(
        Trial(number: trial + 1, name: run.name, configuration: run.configuration))
      if isWhole { wholeTrials[content] = trial }
      return trial
    }
    brackets.append(Bracket(trials: members, rungs: rungs, eta: eta))
    knownBrackets[key] = brackets.count - 1
    return brackets.count - 1
  }

  private static func fix(
    _ reader: inout ConfigurationReader, schedule: String
  ) throws(ConfigurationError) {
    try reader.set("method", to: "none", option: "--methods")
    try reader.set("inner.schedule", to: schedule, option: "--methods")
  }

  private static func starts(
    _ texts: [String], over reader: ConfigurationReader
  ) throws(ConfigurationError) -> [(name: String, reader: ConfigurationReader)] {
    var starts: [(name: String, reader: ConfigurationReader)] = [("", reader)]
    for text in texts {
      let range = try StartingRange(text, option: "--starts")
      guard case .list(let values) = range.values else {
        throw ConfigurationError(
          place: range.place, sentence: "starts are a list, such as learning-rate=0.001,0.01.")
      }
      let name = text.prefix { $0 != "=" }
      var more: [(name: String, reader: ConfigurationReader)] = []
      for start in starts {
        for value in values {
          var own = start.reader
          try own.set(range.key, to: value, option: "--starts")
          more.append((start.name + (start.name.isEmpty ? "" : ", ") + "\(name) \(value)", own))
        }
      }
      starts = more
    }
    return starts
  }

  private static func reference(
    _ settings: ComparisonSettings, _ methods: [NamedMethod], _ reader: ConfigurationReader
  ) throws(ConfigurationError) -> NamedMethod? {
    let singles = methods.filter { Baseline(rawValue: $0.name) == nil }
    if let name = settings.reference {
      if let method = singles.first(where: { $0.name == name }) { return method }
      throw ConfigurationError(
        place: "--reference \(name)",
        sentence: "must be one of the methods compared: "
          + "\(singles.map(\.name).joined(separator: ", ")).")
    }
    if let method = singles.first(where: { $0.name == "default" }) { return method }
    for method in singles where try method.configuration(over: reader).method != .none {
      return method
    }
    return singles.first
  }
}
