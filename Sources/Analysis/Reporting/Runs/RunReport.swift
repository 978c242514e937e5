/// A page about one run, or about several side by side.
struct RunReport {
  private let runs: [ReportedRun]

  /// Reads the runs.
  ///
  /// - Throws: errors of `RecordedRun`.
  init(of folders: [String]) throws {
    let records = try folders.map { try RecordedRun(path: $0) }
    let names = RunNames(records)
    runs = records.enumerated().map { index, record in
      ReportedRun(record: record, name: names.names[index], look: names.looks[index])
    }
  }

  /// Builds the page.
  ///
  /// - Parameter path: the folders to search for gnuplot; nil: those of `PATH`.
  func page(gnuplotIn path: String?) -> ReportPage {
    let fallbacks = ReportTables.fallbacks(runs)
    return ReportPage(
      title: runs.count > 3 ? "\(runs.count) runs" : runs.map(\.name).joined(separator: ", "),
      headline: ReportHeadline.lines(runs),
      sections: [
        .init(title: "Results", tables: [("", ReportTables.results(runs))]),
        .init(title: "Training", figures: TrainingFigures.all(runs)),
        .init(title: "Hyperparameters", figures: HyperparameterFigures.all(runs)),
        .init(
          title: "Weights of training examples", figures: ExampleFigures.weights(runs)),
        .init(
          title: "Classes", figures: [ExampleFigures.classAccuracies(runs)].compactMap { $0 }),
        .init(
          title: "Estimators",
          tables: fallbacks.map { [("windows that fell back to tail-mean", $0)] } ?? [],
          figures: EstimatorFigures.all(runs)),
        .init(title: "Modes", figures: SpectrumFigures.all(runs)),
        .init(title: "Time", figures: TimeFigures.all(runs)),
        .init(
          title: "Configuration",
          text: runs.count > 1 ? "Keys in which the runs differ are marked." : "",
          tables: [("", ReportTables.configuration(runs))]),
      ], path: path)
  }
}
