import Foundation

/// A run as its folder tells of it, whether it is over or not.
public struct RecordedRun {
  /// The folder, as the user would write it.
  public let path: String
  /// What tells the run from others: of a trial its method and start, else the last part of the path.
  let name: String
  /// What was run.
  public let configuration: Configuration
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
  public init(path: String) throws {
    self.path = path
    let last = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    name = TrialLabel.of(path) ?? (last.isEmpty ? path : last)
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
    summary = try Self.existing(.summary, folder).map(Self.document)
  }

  private static func existing(_ file: RunFolder.File, _ folder: RunFolder) -> String? {
    let path = folder.path(of: file)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  private static func document(_ path: String) throws -> JSONValue {
    let bytes = try InputFile(path: path).all(limit: 1 << 28)
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: bytes)
    } catch {
      throw RecordError(path, "is not JSON: \(error). Take a copy of it that is not damaged.")
    }
  }
}
