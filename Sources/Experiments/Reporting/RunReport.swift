import Foundation

/// A page about one run, or about several side by side.
public struct RunReport {
  private let runs: [ReportedRun]

  /// Reads the runs.
  ///
  /// - Throws: what `RecordedRun` throws.
  public init(of folders: [String]) throws {
    let records = try folders.map { try RecordedRun(path: $0) }
    let names = records.map(\.name)
    runs = records.enumerated().map { index, record in
      // Two folders of one name are told apart by their paths.
      let isUnique = names.count { $0 == names[index] } == 1
      return ReportedRun(record: record, name: isUnique ? names[index] : record.path, index: index)
    }
  }

  /// Draws and writes the page.
  ///
  /// - Parameter output: the file; nil: `report.html` in the folder of the first run.
  /// - Returns: where it is, and what could not be drawn.
  /// - Throws: `RunError` for the name of a run's own file, `FileError`
  public func write(to output: String?) throws -> (path: String, notes: [String]) {
    let folder = runs.first?.record.path ?? "."
    let path = output ?? (folder.hasSuffix("/") ? "\(folder)report.html" : "\(folder)/report.html")
    // Before the pictures, which take a while.
    try DerivedFile.check(path)
    let page = page(gnuplotIn: nil)
    try DerivedFile.write(page.html, to: path)
    return (path, page.notes)
  }

  /// The page.
  ///
  /// - Parameter path: the folders to look for gnuplot in; nil: those of `PATH`.
  func page(gnuplotIn path: String?) -> ReportPage {
    let fallbacks = ReportTables.fallbacks(runs)
    return ReportPage(
      title: runs.count > 3 ? "\(runs.count) runs" : runs.map(\.name).joined(separator: ", "),
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
