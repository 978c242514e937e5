import Runs
import Settings

/// A page about folders: runs side by side, or a search or a comparison with all its trials.
package struct FolderReport {
  private let folder: String
  private let makePage: (_ gnuplotIn: String?) -> ReportPage

  /// Reads the folders.
  ///
  /// - Throws: `RunFolderError` if one contains no run, `RunError` if a search is combined with
  ///   others, `RecordError` for a damaged line, `ConfigurationError`, `FileError`.
  package init(of folders: [String]) throws {
    folder = folders.first ?? "."
    if let trials = folders.first(where: TrialFolder.holdsPlan) {
      guard folders.count == 1 else {
        throw RunError(
          "\(trials) holds a search or a comparison, which has a page of its own: name it alone, "
            + "or runs in it, such as \(trials)/trials/001.")
      }
      let report = try TrialsReport(of: trials)
      makePage = report.page
    } else {
      let report = try RunReport(of: folders)
      makePage = report.page
    }
  }

  /// Draws and writes the page.
  ///
  /// - Parameter output: the file; nil: `report.html` in the first folder.
  /// - Returns: its path, and notes on what could not be drawn.
  /// - Throws: `RunError` for the path of a run's own file, `FileError`
  package func write(to output: String?) throws -> (path: String, notes: [String]) {
    let path = output ?? (folder.hasSuffix("/") ? "\(folder)report.html" : "\(folder)/report.html")
    // Checked before drawing the figures, which takes a while.
    try DerivedFile.check(path)
    let page = makePage(nil)
    try DerivedFile.write(page.html, to: path)
    return (path, page.notes)
  }
}
