import Presentation
import Runs

/// A page about a search or a comparison, with all its trials.
struct TrialsReport {
  private let trials: ReportedTrials
  private var record: RecordedTrials { trials.record }

  /// Reads the folder.
  ///
  /// - Throws: errors of `RecordedTrials`.
  init(of folder: String) throws { trials = ReportedTrials(try RecordedTrials(path: folder)) }

  /// Builds the page.
  ///
  /// - Parameter path: the folders to search for gnuplot; nil: those of `PATH`.
  func page(gnuplotIn path: String?) -> ReportPage {
    ReportPage(
      title: title, headline: headline,
      sections: [
        .init(title: "Test accuracy", figures: AccuracyFigures.all(trials)),
        .init(title: "History", figures: TrialHistoryFigures.all(trials)),
        .init(
          title: "Parallel coordinates",
          figures: [ParallelCoordinates.figure(trials)].compactMap { $0 }),
        record.plan.isPopulation ? generations : rungs,
        .init(
          title: "Trials",
          text: "Each trial is a run, with a page of its own: glocal-dist report "
            + "\(TrialFolder.place(ofTrial: trials.trials[0].number, in: record.path).path)",
          tables: [("", TrialTables.all(trials))]),
        .init(
          title: "Configuration", text: "What all trials have in common.",
          tables: [("", TrialTables.configuration(trials))]),
      ], path: path)
  }

  private var rungs: ReportPage.Section {
    let halvings = trials.halvings
    return .init(
      title: "Rungs",
      text: halvings.isEmpty ? "Every trial trains to its end: none is left early." : "",
      tables: halvings.map { bracket in
        (
          halvings.count > 1 ? RungFigures.name(of: bracket, trials) : "",
          RungFigures.table(trials, bracket)
        )
      },
      figures: RungFigures.all(trials))
  }

  private var generations: ReportPage.Section {
    .init(
      title: "Generations", text: GenerationTables.text(trials),
      tables: [("", GenerationTables.all(trials))])
  }

  private var title: String {
    let name = record.command == "compare" ? "Comparison" : "Search"
    return [record.origin.preset.map { "\(name) on \($0)" } ?? name, record.origin.date]
      .compactMap { $0 }.joined(separator: ", ")
  }

  /// The best trial and the number of trials, or every method's accuracy.
  private var headline: [String] {
    var lines: [String] = []
    if let comparison = record.comparison {
      for (title, spreads) in AccuracySpread.tables(comparison, trials) {
        let words = spreads.map { "\($0.name) \($0.text)" }.joined(separator: ", ")
        lines.append("\(title): \(words)")
      }
    } else if let best = trials.finished.first {
      let progress = record.progress[best]
      lines.append(
        "best: \(trials.title(best)), test accuracy "
          + "\(progress.testAccuracy.map(NumberText.percent) ?? "–")"
          + (progress.scores[progress.window].map {
            ", validation loss \(NumberText.brief($0.loss))"
          } ?? ""))
    }
    return lines + [counts]
  }

  private var counts: String {
    func count(_ status: TrialStatus) -> Int {
      trials.trials.indices.count { record.status(of: $0) == status }
    }
    var parts = ["\(trials.trials.count) trials: \(count(.finished)) finished"]
    let left = count(.left)
    if left > 0 {
      parts.append("\(left) " + (record.summary == nil ? "on the way or left" : "left early"))
    }
    if count(.failed) > 0 { parts.append("\(count(.failed)) failed") }
    if let seconds = record.summary?["seconds"]?.double {
      let ranks = record.summary?["ranks"]?.int.map { " on \($0) rank(s)" } ?? ""
      parts.append("\(NumberText.brief(seconds)) s\(ranks)")
    }
    return parts.joined(separator: ", ") + (record.summary == nil ? "; it is not over yet" : "")
  }
}
