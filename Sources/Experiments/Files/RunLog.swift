import Glibc

/// The plain-text log of a run: one line an event, each with its time.
public final class RunLog {
  /// The file's path.
  public let path: String
  private let file: OutputFile

  /// Makes a new log; one that exists is never touched.
  ///
  /// - Throws: `FileError`
  public convenience init(creating path: String) throws(FileError) {
    try self.init(path: path, flags: O_EXCL)
  }

  /// Goes on with a log.
  ///
  /// - Throws: `FileError`
  convenience init(continuing path: String) throws(FileError) {
    try self.init(path: path, flags: 0)
  }

  private init(path: String, flags: Int32) throws(FileError) {
    self.path = path
    file = try OutputFile(path: path, flags: O_CREAT | O_APPEND | flags)
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
