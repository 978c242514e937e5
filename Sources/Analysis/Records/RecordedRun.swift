import Foundation
import Runs
import Settings
import Storage

/// A run as recorded in its folder, whether finished or not.
package struct RecordedRun {
  /// The folder, as the user would write it.
  package let path: String
  /// The name of the run: a trial's method and start, otherwise the last component of the path.
  let name: String
  /// The label among sibling trials; nil if it is not a trial.
  let label: TrialLabel?
  /// When and how it was started.
  let origin: RecordedOrigin
  /// The run's configuration.
  package let configuration: Configuration
  /// The windows so far.
  let windows: [RecordedWindow]
  /// `summary.json`; nil while the run is in progress.
  let summary: JSONValue?
  /// The lines of `weights.jsonl`; empty if examples are not weighted.
  let weights: [JSONValue]

  /// Reads a run's files; files that a run in progress has not written yet may be missing.
  ///
  /// - Throws: `RunFolderError` if the folder contains no run, `RecordError` for a damaged line,
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
