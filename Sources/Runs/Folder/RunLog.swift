import Glibc
import Storage

/// The plain-text log of a run: one line an event, each with its time.
///
/// Who has the log open has the run: no other process can open it meanwhile, so that two starts do
/// not write into one folder, nor a job that was killed and is slow to die into the run that goes on
/// in its place. It is the first file of a run, taken before anything is written.
package final class RunLog {
  /// The file's path.
  package let path: String
  private let file: OutputFile

  /// Takes the log of a run that begins.
  ///
  /// One that is empty belongs to a start that was killed before it had written anything.
  ///
  /// - Parameter seconds: how long to wait for another process to let go of it.
  /// - Throws: `RunFolderError` when another process has it, or has written to it.
  package convenience init(taking path: String, waiting seconds: Double) throws(RunFolderError) {
    do {
      // Where there are no locks, who makes the file has it.
      try self.init(path: path, flags: O_EXCL, waiting: seconds, needsLock: false)
      return
    } catch RunFolderError.file(let error) where error.code == EEXIST {}
    try self.init(path: path, flags: 0, waiting: seconds, needsLock: true)
    guard file.isEmpty else { throw .startedMeanwhile(file: path) }
  }

  /// Goes on with a log.
  ///
  /// - Parameter seconds: how long to wait for another process to let go of it.
  /// - Throws: `RunFolderError` when it does not, or the log cannot be opened.
  package convenience init(continuing path: String, waiting seconds: Double = 30)
    throws(RunFolderError)
  {
    try self.init(path: path, flags: 0, waiting: seconds, needsLock: false)
  }

  private init(
    path: String, flags: Int32, waiting seconds: Double, needsLock: Bool
  ) throws(RunFolderError) {
    self.path = path
    do throws(FileError) {
      file = try OutputFile(path: path, flags: O_CREAT | O_APPEND | flags)
    } catch {
      throw .file(error)
    }
    switch file.lock(waiting: seconds) {
    case .taken: break
    case .held: throw .inUse(file: path)
    case .unsupported: if needsLock { throw .startedMeanwhile(file: path) }
    }
  }

  /// Whether nobody has written to it yet.
  package var isEmpty: Bool { file.isEmpty }

  /// Writes one event; a text of several lines stays together, indented under its time.
  ///
  /// Each line reaches the system at once: a log is read when something has gone wrong.
  ///
  /// - Throws: `FileError`
  package func write(_ event: String) throws(FileError) {
    let time = Clock.now(as: .logLine)
    let lines = event.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines.joined(separator: "\n" + String(repeating: " ", count: time.count + 2))
    try Array("\(time)  \(text)\n".utf8).forEachPiece { piece throws(FileError) in
      try self.file.write(piece, kept: "The lines before are kept.")
    }
  }
}
