import Glibc
import Settings
import Storage

// Resuming a run in its folder.
extension RunFolder {
  /// Whether a folder contains a run: its configuration, the first file written, exists.
  package static func holdsRun(_ path: String) -> Bool {
    PathKind(of: "\(path)/\(File.configuration.rawValue)") == .other
  }

  /// The folder of an existing run.
  ///
  /// - Throws: `RunFolderError` if it contains no run or is not writable.
  package init(resuming path: String) throws(RunFolderError) {
    guard Self.holdsRun(path) else { throw .holdsNoRun(folder: path) }
    self.init(known: path)
    try Self.checkWritable(path)
  }

  /// The resolved configuration of a run.
  ///
  /// - Throws: `RunFolderError`, or `ConfigurationError` if the file is not a configuration.
  package static func configuration(of path: String) throws -> Configuration {
    try requireRun(path)
    var reader = ConfigurationReader(over: Configuration())
    try reader.read(file: RunFolder(known: path).path(of: .configuration))
    return try reader.checked()
  }

  /// The text of a run's `config.yaml`.
  ///
  /// - Throws: `RunFolderError` if the folder contains no run or cannot be read.
  package static func configurationText(of path: String) throws(RunFolderError) -> String {
    try requireRun(path)
    do throws(FileError) {
      let input = try InputFile(path: RunFolder(known: path).path(of: .configuration))
      return String(decoding: try input.all(limit: InputText.longest), as: UTF8.self)
    } catch {
      throw .file(error)
    }
  }

  /// Rejects a folder that contains no run, or many.
  private static func requireRun(_ path: String) throws(RunFolderError) {
    guard holdsRun(path) else { throw .holdsNoRun(folder: path) }
    if TrialFolder.holdsPlan(path) { throw .holdsTrials(folder: path) }
  }

  /// Whether the run has finished: its summary, the last file written, exists.
  package var isFinished: Bool { access(path(of: .summary), F_OK) == 0 }
}
