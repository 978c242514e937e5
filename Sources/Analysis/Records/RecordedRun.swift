import Foundation
import Runs
import Settings
import Storage

/// A run as its folder tells of it, whether it is over or not.
package struct RecordedRun {
  /// The folder, as the user would write it.
  package let path: String
  /// What tells the run from others: of a trial its method and start, else the last part of the path.
  let name: String
  /// What it is called among its siblings; nil where it is no trial.
  let label: TrialLabel?
  /// When it was begun, and what with.
  let origin: RecordedOrigin
  /// What was run.
  package let configuration: Configuration
  /// The windows so far.
  let windows: [RecordedWindow]
  /// `summary.json`; nil while the run is on.
  let summary: JSONValue?
  /// The lines of `weights.jsonl`; empty where examples are not weighted.
  let weights: [JSONValue]

  /// Reads a run's files; those that a run on its way has not got yet may be missing.
  ///
  /// - Throws: `RunFolderError` when the folder holds no run, `RecordError` for a damaged line,
  ///   `ConfigurationError`, `FileError`.
  package init(path: String) throws {
    self.path = path
    let last = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    label = TrialLabel(of: path)
    name = label?.text ?? (last.isEmpty ? path : last)
    origin = RecordedOrigin(of: path)
    configuration = try RunFolder.configuration(of: path)
    let folder = RunFolder(known: path)
    var windows: [RecordedWindow] = []
    if let file = Self.existing(.windows, folder) {
      var reader = try WindowReader(path: file, cutEnd: .left)
      while let window = try reader.nextWindow() { windows.append(window) }
    }
    self.windows = windows
    var weights: [JSONValue] = []
    if let file = Self.existing(.weights, folder) {
      var reader = try JSONLinesReader(path: file, cutEnd: .left)
      while let line = try reader.nextLine() { weights.append(line.value) }
    }
    self.weights = weights
    summary = try Self.existing(.summary, folder).map(JSONFile.document)
  }

  private static func existing(_ file: RunFolder.File, _ folder: RunFolder) -> String? {
    let path = folder.path(of: file)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
