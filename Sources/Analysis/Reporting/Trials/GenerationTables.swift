import Presentation
import Runs

/// Who of a population took over whom.
enum GenerationTables {
  /// A row for each take-over, in their order.
  static func all(_ trials: ReportedTrials) -> HTMLTable {
    HTMLTable(
      header: [
        "after window", "trial", "from trial", "windows trained by then", "hyperparameters",
      ],
      rows: trials.record.generations.flatMap { generation in
        generation.heirs.map { heir in
          [
            "\(generation.window)", "\(trials.trials[heir.trial].number)",
            "\(trials.trials[heir.source].number)", "\(heir.trained)", heir.changes,
          ]
        }
      })
  }

  /// What the table shows.
  static func text(_ trials: ReportedTrials) -> String {
    trials.record.generations.contains { !$0.heirs.isEmpty }
      ? "Population-based training: each of these trials took over the whole state of a better one, and "
        + "went on with other hyperparameters. Its history before that window is the other trial's."
      : "Population-based training: no trial has taken over another one yet."
  }
}
