import Presentation
import Storage

/// What a population came to after a window: which trials took over which others.
package struct Generation: Equatable {
  /// The window after which it was.
  package var window: Int
  /// Whether all heirs have taken over; if not, it is to be done again.
  package var isApplied: Bool
  package var heirs: [Heir]

  package init(window: Int, isApplied: Bool, heirs: [Heir]) {
    self.window = window
    self.isApplied = isApplied
    self.heirs = heirs
  }

  /// A trial that takes over another one.
  package struct Heir: Equatable {
    /// By position.
    package var trial: Int
    /// Whose state it takes over, by position.
    package var source: Int
    /// The windows that it had trained itself; fewer than the generation's where it had failed.
    package var trained: Int
    /// Seconds of training that it had taken by then.
    package var seconds: Double
    /// The optimizer's hyperparameters that it takes over, and those that it goes on with.
    package var before: [Value]
    package var after: [Value]

    package init(
      trial: Int, source: Int, trained: Int, seconds: Double, before: [Value], after: [Value]
    ) {
      self.trial = trial
      self.source = source
      self.trained = trained
      self.seconds = seconds
      self.before = before
      self.after = after
    }
  }

  /// A hyperparameter's value by its column.
  package struct Value: Equatable {
    package var name: String
    package var value: Double

    package init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }
}

extension Generation.Heir {
  /// `learning-rate 0.01 -> 0.012`, of the first few that moved.
  package var changes: String {
    let moved = zip(before, after).filter { $0.value != $1.value }
    let shown = moved.prefix(Self.mostShown).map {
      "\($0.name) \(NumberText.brief($0.value)) -> \(NumberText.brief($1.value))"
    }
    let rest = moved.count - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  private static let mostShown = 4
}

/// The file with the generations of a population.
///
/// A generation is in it before anything is replaced, so that one which was cut short is done again
/// to its end.
package enum PopulationFile {
  private static let name = "population.json"

  /// Where it is.
  package static func path(in folder: String) -> String { "\(folder)/\(name)" }

  /// Writes all generations so far.
  ///
  /// - Throws: `FileError`
  package static func write(_ generations: [Generation], to folder: String) throws(FileError) {
    let json: JSONValue = ["generations": .array(generations.map(\.json))]
    try AtomicFile.write(JSONText.document(json), to: path(in: folder))
  }

  /// Reads them; none where there is no file.
  ///
  /// - Parameter plan: that of the search, whose trials and rungs they must be of.
  /// - Throws: `RecordError` for what no search writes, `FileError`
  package static func read(in folder: String, _ plan: TrialPlan) throws -> [Generation] {
    let path = path(in: folder)
    guard PathKind(of: path) != .nothing else { return [] }
    func damaged(_ what: String) -> RecordError {
      RecordError(
        path, "\(what). Take a copy of it that is not damaged, or search anew in another folder.")
    }
    let json: JSONValue
    do {
      json = try JSONValue(parsing: InputFile(path: path).all(limit: 1 << 30))
    } catch let error as JSONSyntaxError {
      throw damaged("is not JSON: \(error)")
    }
    guard let list = json["generations"]?.array else { throw damaged("has no generations") }
    let rungs = plan.brackets.first?.rungs.dropLast() ?? []
    guard list.count <= rungs.count else {
      throw damaged("has \(list.count) generations, and the search has \(rungs.count)")
    }
    return try zip(list, rungs).enumerated().map { index, entry in
      let (json, rung) = entry
      guard let generation = Generation(json: json), generation.window == rung else {
        throw damaged("does not tell of the generation after window \(rung)")
      }
      if !generation.isApplied, index < list.count - 1 {
        throw damaged(
          "says that the generation after window \(rung) is not applied, but a later one is")
      }
      if let what = generation.contradiction(plan) {
        throw damaged("says that after window \(rung) \(what)")
      }
      return generation
    }
  }
}

extension Generation {
  fileprivate var json: JSONValue {
    [
      "window": .integer(window), "applied": .bool(isApplied),
      "heirs": .array(
        heirs.map { heir in
          [
            "trial": .integer(heir.trial + 1), "from": .integer(heir.source + 1),
            "windows": .integer(heir.trained), "seconds": .number(heir.seconds),
            "before": Self.json(heir.before), "after": Self.json(heir.after),
          ]
        }),
    ]
  }

  fileprivate init?(json: JSONValue) {
    guard let window = json["window"]?.int, case .bool(let isApplied)? = json["applied"],
      let list = json["heirs"]?.array
    else { return nil }
    self.init(window: window, isApplied: isApplied, heirs: list.compactMap(Heir.init))
    if heirs.count != list.count { return nil }
  }

  private static func json(_ values: [Value]) -> JSONValue {
    .object(values.map { .init($0.name, .number($0.value)) })
  }

  /// Says what no search has decided, or nil.
  fileprivate func contradiction(_ plan: TrialPlan) -> String? {
    let sources = Set(heirs.map(\.source))
    var seen: Set<Int> = []
    for heir in heirs {
      let number = heir.trial + 1
      let isTogether = plan.brackets.contains {
        $0.trials.contains(heir.trial) && $0.trials.contains(heir.source)
      }
      if !isTogether {
        return "trial \(number) took over trial \(heir.source + 1), which is not of its population"
      }
      if sources.contains(heir.trial) { return "trial \(number) was both taken over and replaced" }
      if !seen.insert(heir.trial).inserted { return "trial \(number) was replaced twice" }
      if !(0...window ~= heir.trained) {
        return "trial \(number) had trained \(heir.trained) windows"
      }
    }
    return nil
  }
}

extension Generation.Heir {
  fileprivate init?(json: JSONValue) {
    guard let trial = json["trial"]?.int, let source = json["from"]?.int,
      1...(1 << 16) ~= trial, 1...(1 << 16) ~= source, let trained = json["windows"]?.int,
      let seconds = json["seconds"]?.double, 0...1e10 ~= seconds,
      let before = json["before"].flatMap(Self.values),
      let after = json["after"].flatMap(Self.values)
    else { return nil }
    self.init(
      trial: trial - 1, source: source - 1, trained: trained, seconds: seconds, before: before,
      after: after)
  }

  private static func values(_ json: JSONValue) -> [Generation.Value]? {
    guard let members = json.members else { return nil }
    let values = members.compactMap { member in
      member.value.double.map { Generation.Value(name: member.key, value: $0) }
    }
    return values.count == members.count ? values : nil
  }
}
