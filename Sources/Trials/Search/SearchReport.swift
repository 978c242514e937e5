import Presentation
import Runs
import Storage

/// What a search has found, for the screen and for `summary.json`.
struct SearchReport {
  let results: TrialJob.Results
  let table: TrialTable

  /// The position of the best trial, if any finished.
  var best: Int? { table.finished.first }

  /// The table of all trials, the best, and how busy the ranks were.
  var lines: [String] {
    let (plan, folder) = (results.store.plan, results.store.folder.path)
    var lines = ["trial · windows · validation loss · accuracy · what"]
    lines += order.prefix(Self.mostLines).map { index in
      let record = results.store.records[index]
      let score = record.lastScore.map {
        "\(NumberText.brief($0.loss)) · "
          + ($0.accuracy.isNaN ? "–" : NumberText.brief($0.accuracy))
      }
      let trial = plan.trials[index]
      let title = trial.title.drop { $0 != "(" }
      return "\(trial.number) · \(record.window) · \(score ?? "–") · "
        + "\(table.status(of: index).rawValue) \(title)\(lineage(of: index))"
    }
    let rest = order.count - Self.mostLines
    if rest > 0 { lines.append("(\(rest) more in trials.csv)") }
    if let best, let summary = results.store.records[best].summary {
      lines.append(
        "best: \(plan.trials[best].title)\(lineage(of: best)), "
          + (summary["test_accuracy"]?.double.map { "test accuracy \(NumberText.percent($0))" }
            ?? "test loss \(NumberText.brief(summary["test_loss"]?.double ?? .nan))"))
    }
    let ranks = "\(results.ranks) rank(s) in \(NumberText.brief(results.seconds)) s"
    lines.append("idle: \(NumberText.brief(100 * results.idleShare)) % of \(ranks)")
    lines.append("results: \(folder)" + (best == nil ? "" : ", the best run in \(folder)/best"))
    return lines
  }

  /// `, from trial 3 after window 6`, for one that took over another.
  private func lineage(of trial: Int) -> String {
    guard let last = results.store.takeovers(by: trial).last else { return "" }
    let source = results.store.plan.trials[last.heir.source].number
    return ", from trial \(source) after window \(last.window)"
  }

  /// The content of `summary.json`.
  var json: JSONValue {
    let generations = results.store.generations
    let count = { (status: TrialStatus) -> JSONValue in
      .integer(results.store.plan.trials.indices.count { table.status(of: $0) == status })
    }
    var members: [JSONValue.Member] = [
      .init("command", "search"), .init("best", best.map { table.row($0) } ?? .null),
      .init("finished", count(.finished)), .init("left", count(.left)),
      .init("failed", count(.failed)),
      .init(
        "passes",
        .number(results.store.plan.trials.indices.reduce(0) { $0 + table.passes(of: $1) })),
    ]
    if results.store.plan.isPopulation {
      members.append(.init("generations", .integer(generations.count)))
      members.append(.init("takeovers", .integer(generations.reduce(0) { $0 + $1.heirs.count })))
    }
    return .object(
      members + [
        .init("seconds", .number(results.seconds)), .init("ranks", .integer(results.ranks)),
        .init("idle_share", .number(results.idleShare)),
      ])
  }

  /// Finished trials from the best, then the others from those that came farthest.
  private var order: [Int] {
    let records = results.store.records
    let criterion = results.store.plan.criterion
    let others = records.indices.filter { table.status(of: $0) != .finished }.sorted {
      let badness = [$0, $1].map { records[$0].lastScore?.badness(criterion) ?? .infinity }
      return (-records[$0].window, badness[0], $0) < (-records[$1].window, badness[1], $1)
    }
    return table.finished + others
  }

  private static let mostLines = 30
}
