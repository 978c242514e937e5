import Glibc
import Storage

/// The plain-text log of a run: one line per event, with its time.
///
/// An open log is a lock on the run: no other process can open it, so two starts cannot write into
/// one folder, nor can a killed job that is slow to die write into the run that resumed in its
/// place. It is the first file of a run, locked before anything is written.
package final class RunLog {
  /// The file's path.
  package let path: String
  private let file: OutputFile

  /// Locks the log of a new run.
  ///
  /// An empty log belongs to a start that was killed before it had written anything.
  ///
  /// - Parameter seconds: how long to wait for another process to release it.
  /// - Throws: `RunFolderError` if another process holds it, or has written to it.
  package convenience init(taking path: String, waiting seconds: Double) throws(RunFolderError) {
    do {
      // Without locks, the process that creates the file owns it.
      try self.init(path: path, flags: O_EXCL, waiting: seconds, needsLock: false)
      return
    } catch RunFolderError.file(let error) where error.code == EEXIST {}
    try self.init(path: path, flags: 0, waiting: seconds, needsLock: true)
    guard file.isEmpty else { throw .startedMeanwhile(file: path) }
  }

  /// Continues an existing log.
  ///
  /// - Parameter seconds: how long to wait for another process to release it.
  /// - Throws: `RunFolderError` if it is not released, or cannot be opened.
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

  /// Whether nothing has been written to it yet.
  package var isEmpty: Bool { file.isEmpty }

  /// Writes one event; a text of several lines is kept together, indented under its time.
  ///
  /// Each line is written unbuffered, since a log is read after something has gone wrong.
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
