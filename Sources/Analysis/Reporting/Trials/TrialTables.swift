import Presentation
import Settings

/// The tables of the page about trials.
enum TrialTables {
  /// All trials, finished ones first.
  static func all(_ trials: ReportedTrials) -> HTMLTable {
    let others = trials.trials.indices.filter { trials.record.status(of: $0) != .finished }.sorted {
      (-trials.record.progress[$0].window, $0) < (-trials.record.progress[$1].window, $1)
    }
    return HTMLTable(
      header: ["trial"] + trials.axes.map(\.name) + [
        "status", "windows", "validation loss", "validation accuracy", "test accuracy", "reason",
      ],
      rows: (trials.finished + others).map { trial in
        let progress = trials.record.progress[trial]
        let score = progress.scores[progress.window]
        return ["\(trials.trials[trial].number)"] + trials.axes.map { $0.brief(trial) } + [
          trials.record.status(of: trial).rawValue,
          "\(progress.window) of \(trials.trials[trial].configuration.windowCount)",
          NumberText.wholeOrBrief(score?.loss), score.map { NumberText.percent($0.accuracy) } ?? "",
          progress.testAccuracy.map(NumberText.percent) ?? "", progress.failure ?? "",
        ]
      }, marked: trials.finished.isEmpty ? [] : [0])
  }

  /// The configuration that all trials share.
  static func configuration(_ trials: ReportedTrials) -> HTMLTable {
    HTMLTable(
      header: ["key", "value"],
      rows: Configuration.settings.compactMap { setting in
        let values = Set(trials.trials.map { setting.print($0.configuration) })
        guard values.count == 1, let value = values.first ?? nil else { return nil }
        return [setting.key, value]
      })
  }
}
