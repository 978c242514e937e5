import Presentation
import Settings

/// The tables of the report that belong to no figure.
enum ReportTables {
  /// The results of each run.
  static func results(_ runs: [ReportedRun]) -> HTMLTable {
    HTMLTable(
      header: [
        "run", "preset", "begun", "method", "estimator", "steps", "windows", "test accuracy",
        "test loss",
        "untuned test accuracy", "validation accuracy", "seconds", "ranks", "grid", "fallbacks",
        "retreats", "seed",
      ],
      rows: runs.map { run in
        let configuration = run.record.configuration
        let summary = run.record.summary
        func number(_ key: String) -> String { NumberText.wholeOrBrief(summary?[key]?.double) }
        func percent(_ share: Double?) -> String {
          share.flatMap { $0.isNaN ? nil : NumberText.percent($0) } ?? ""
        }
        let last = run.windows.last
        return [
          run.name, run.record.origin.preset ?? "", run.record.origin.date ?? "",
          configuration.method.rawValue,
          configuration.method == .glocal ? configuration.estimator.rawValue : "",
          last.map { "\($0.steps.upperBound)" } ?? "0",
          "\(run.windows.count) of \(configuration.windowCount)",
          summary == nil ? "unfinished" : percent(summary?["test_accuracy"]?.double),
          number("test_loss"), percent(summary?["baseline"]?["test_accuracy"]?.double),
          percent(last?.validationAccuracy), number("seconds"), number("ranks"),
          summary?["grid"]?.string ?? "", "\(run.windows.count { $0.fallback != nil })",
          number("retreats"), "\(configuration.seed)",
        ]
      })
  }

  /// Every key of the configurations; rows in which the runs differ are highlighted.
  static func configuration(_ runs: [ReportedRun]) -> HTMLTable {
    var rows: [[String]] = []
    var marked: Set<Int> = []
    for setting in Configuration.settings {
      let values = runs.map { setting.print($0.record.configuration) }
      guard values.contains(where: { $0 != nil }) else { continue }
      if Set(values).count > 1 { marked.insert(rows.count) }
      rows.append([setting.key] + values.map { $0 ?? "" })
    }
    return HTMLTable(header: ["key"] + runs.map(\.name), rows: rows, marked: marked)
  }

  /// The windows whose estimate was not trusted, and why.
  static func fallbacks(_ runs: [ReportedRun]) -> HTMLTable? {
    let rows = runs.flatMap { run in
      run.windows.compactMap { window in
        window.fallback.map { [run.name, "\(window.window)", $0] }
      }
    }
    guard !rows.isEmpty else { return nil }
    return HTMLTable(header: ["run", "window", "reason"], rows: rows)
  }
}
