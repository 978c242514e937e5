import Glibc
import Settings
import Storage

// A run that goes on in the folder where it has begun.
extension RunFolder {
  /// Whether a folder holds a run: its configuration, the first file of all, is there.
  package static func holdsRun(_ path: String) -> Bool {
    PathKind(of: "\(path)/\(File.configuration.rawValue)") == .other
  }

  /// The folder of a run that was begun.
  ///
  /// - Throws: `RunFolderError` when it holds none or cannot be written.
  package init(resuming path: String) throws(RunFolderError) {
    guard Self.holdsRun(path) else { throw .holdsNoRun(folder: path) }
    self.init(known: path)
    try Self.checkWritable(path)
  }

  /// The configuration of a run, as it was resolved.
  ///
  /// - Throws: `RunFolderError`, or `ConfigurationError` when the file is no configuration.
  package static func configuration(of path: String) throws -> Configuration {
    try requireRun(path)
    var reader = ConfigurationReader(over: Configuration())
    try reader.read(file: RunFolder(known: path).path(of: .configuration))
    return try reader.checked()
  }

  /// The text of a run's `config.yaml`.
  ///
  /// - Throws: `RunFolderError` when the folder holds no run or cannot be read.
  package static func configurationText(of path: String) throws(RunFolderError) -> String {
    try requireRun(path)
    do throws(FileError) {
      let input = try InputFile(path: RunFolder(known: path).path(of: .configuration))
      return String(decoding: try input.all(limit: InputText.longest), as: UTF8.self)
    } catch {
      throw .file(error)
    }
  }

  /// Refuses a folder that holds no run, or many of them.
  private static func requireRun(_ path: String) throws(RunFolderError) {
    guard holdsRun(path) else { throw .holdsNoRun(folder: path) }
    if TrialFolder.holdsPlan(path) { throw .holdsTrials(folder: path) }
  }

  /// Whether the run has finished: its summary, the last file of all, is there.
  package var isFinished: Bool { access(path(of: .summary), F_OK) == 0 }
}
