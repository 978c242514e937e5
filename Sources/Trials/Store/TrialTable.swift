import Runs
import Storage

/// All trials of a job in lines: `trials.jsonl` for programs, `trials.csv` for spreadsheets.
struct TrialTable {
  let store: TrialStore
  let costs: [TrialCost]

  /// Whether a trial finished.
  func status(of trial: Int) -> TrialStatus {
    let record = store.records[trial]
    if record.failure != nil { return .failed }
    return record.summary == nil ? .left : .finished
  }

  /// Passes over a minibatch that a trial has cost so far: not those of windows that it took over in
  /// place of its own, where it had failed before them.
  func passes(of trial: Int) -> Double {
    store.takeovers(by: trial).reduce(costs[trial].passes(windows: store.records[trial].window)) {
      $0 - costs[trial].passes(windows: $1.window) + costs[trial].passes(windows: $1.heir.trained)
    }
  }

  /// Positions of the trials that finished, the best first.
  var finished: [Int] {
    let criterion = store.plan.criterion
    return store.plan.trials.indices.filter { status(of: $0) == .finished }.sorted {
      let badness = [$0, $1].map { store.records[$0].lastScore?.badness(criterion) ?? .infinity }
      return (badness[0], $0) < (badness[1], $1)
    }
  }

  /// Writes both files.
  ///
  /// - Throws: `FileError`
  func write() throws(FileError) {
    let folder = store.folder.path
    let rows = store.plan.trials.indices.map(row)
    try AtomicFile.write(
      rows.map { JSONText.line($0) + "\n" }.joined(), to: "\(folder)/trials.jsonl")
    try AtomicFile.write(Self.csv(rows), to: "\(folder)/trials.csv")
  }

  /// A trial's line.
  func row(_ index: Int) -> JSONValue {
    let (trial, record) = (store.plan.trials[index], store.records[index])
    let summary = record.summary
    return .object(
      [
        .init("trial", .integer(trial.number)), .init("name", .string(trial.name)),
        .init("seed", .string("\(trial.configuration.seed)")),
      ] + trial.start.map { .init($0.name, .number($0.value)) } + [
        .init("status", .string(status(of: index).rawValue)),
        .init("steps", .integer(trial.configuration.inner.steps)),
        .init("windows", .integer(record.window)),
        .init("validation_loss", record.lastScore.map { .number($0.loss) } ?? .null),
        .init(
          "validation_accuracy",
          record.lastScore.flatMap { $0.accuracy.isNaN ? nil : .number($0.accuracy) } ?? .null),
        .init("test_loss", summary?["test_loss"] ?? .null),
        .init("test_accuracy", summary?["test_accuracy"] ?? .null),
        .init("passes", .number(passes(of: index))),
        .init("seconds", .number(record.seconds)),
        .init("reason", record.failure.map { .string($0) } ?? .null),
      ] + lineage(of: index))
  }

  /// Whose state a trial of a population took over last, after which window, and how often it took one
  /// over.
  private func lineage(of trial: Int) -> [JSONValue.Member] {
    guard store.plan.isPopulation else { return [] }
    let takeovers = store.takeovers(by: trial)
    let last = takeovers.last
    return [
      .init("from", last.map { .integer(store.plan.trials[$0.heir.source].number) } ?? .null),
      .init("from_window", last.map { .integer($0.window) } ?? .null),
      .init("takeovers", .integer(takeovers.count)),
    ]
  }

  /// Rows of the same keys as comma-separated values; texts are quoted as RFC 4180 says.
  static func csv(_ rows: [JSONValue]) -> String {
    guard let keys = rows.first?.members?.map(\.key) else { return "" }
    let lines = rows.map { row in
      keys.map { key -> String in
        switch row[key] ?? .null {
        case .null: return ""
        case .string(let text): return CSVText.quoted(text)
        case let value: return JSONText.line(value)
        }
      }.joined(separator: ",")
    }
    return ([keys.joined(separator: ",")] + lines).map { $0 + "\n" }.joined()
  }
}
