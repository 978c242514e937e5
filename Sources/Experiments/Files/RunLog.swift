import Glibc

/// The plain-text log of a run: one line an event, each with its time.
///
/// Who has the log open has the run: no other process can open it meanwhile, so that a job that
/// was killed and is slow to die does not write into the run that goes on in its place.
public final class RunLog {
  /// The file's path.
  public let path: String
  private let file: OutputFile

  /// Makes a new log; one that exists is never touched.
  ///
  /// - Throws: `RunFolderError` when it cannot be made or another process is faster.
  public convenience init(creating path: String) throws(RunFolderError) {
    try self.init(path: path, flags: O_EXCL, waiting: 0)
  }

  /// Goes on with a log.
  ///
  /// - Parameter seconds: how long to wait for another process to let go of it.
  /// - Throws: `RunFolderError` when it does not, or the log cannot be opened.
  convenience init(continuing path: String, waiting seconds: Double = 30) throws(RunFolderError) {
    try self.init(path: path, flags: 0, waiting: seconds)
  }

  private init(path: String, flags: Int32, waiting seconds: Double) throws(RunFolderError) {
    self.path = path
    do throws(FileError) {
      file = try OutputFile(path: path, flags: O_CREAT | O_APPEND | flags)
    } catch {
      throw .file(error)
    }
    guard file.lock(waiting: seconds) else { throw .inUse(file: path) }
  }

  /// Writes one event; a text of several lines stays together, indented under its time.
  ///
  /// Each line reaches the system at once: a log is read when something has gone wrong.
  ///
  /// - Throws: `FileError`
  public func write(_ event: String) throws(FileError) {
    let time = Clock.now(as: .logLine)
    let lines = event.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.joined(separator: "\n" + String(repeating: " ", count: time.count + 2))
    try Array("\(time)  \(text)\n".utf8).forEachPiece { piece throws(FileError) in
      try self.file.write(piece, kept: "The lines before are kept.")
    }
  }
}
