import Glibc

/// A file that grows by whole lines of JSON.
///
/// Lines are buffered in memory and written together by `flush`, once per window. If that fails,
/// the file is truncated to the lines of the last flush, so its content is always valid.
package final class JSONLinesFile {
  /// The file's path.
  package let path: String
  /// The number of lines in the file.
  package private(set) var linesKept = 0

  private let file: OutputFile
  private let digits: JSONText.Digits
  private var text: JSONText
  private var linesWaiting = 0
  private var bytesKept = 0
  private var checksum = Checksum()

  /// Creates a new file; never touches an existing one.
  ///
  /// - Throws: `FileError` if the file exists or cannot be created.
  package convenience init(
    creating path: String, digits: JSONText.Digits = .shortest
  ) throws(FileError) {
    try self.init(path: path, digits: digits, flags: O_CREAT | O_EXCL)
  }

  /// Opens a file of an earlier run and truncates it to its length at a checkpoint.
  ///
  /// - Parameter mark: the file's mark in the checkpoint, already verified.
  /// - Throws: `FileError`
  package convenience init(
    path: String, cutTo mark: FileMark, digits: JSONText.Digits = .shortest
  ) throws(FileError) {
    try self.init(path: path, digits: digits, flags: O_CREAT)
    guard file.truncate(to: mark.bytes) else {
      throw FileError(path: path, action: .write, code: errno)
    }
    bytesKept = mark.bytes
    linesKept = mark.lines
    checksum = mark.checksum
  }

  /// The mark of the file's current content.
  package var mark: FileMark { FileMark(lines: linesKept, bytes: bytesKept, checksum: checksum) }

  /// Opens an existing pipe or device.
  package init(path: String, digits: JSONText.Digits, flags: Int32) throws(FileError) {
    self.path = path
    self.digits = digits
    text = JSONText(digits: digits)
    file = try OutputFile(path: path, flags: flags | O_APPEND)
  }

  /// Adds a line to the next flush.
  package func append(_ value: JSONValue) {
    text.append(value)
    endLine()
  }

  /// Adds a line, written piece by piece, to the next flush.
  package func appendLine(_ write: (inout JSONText) -> Void) {
    write(&text)
    endLine()
  }

  /// Writes the buffered lines.
  ///
  /// - Throws: `FileError`, which says how many lines are safe; the buffered lines are dropped.
  package func flush() throws(FileError) {
    guard linesWaiting > 0 else { return }
    let bytes = text.bytes
    text = JSONText(digits: digits)
    let count = linesWaiting
    linesWaiting = 0
    do throws(FileError) {
      try bytes.forEachPiece { piece throws(FileError) in
        try self.file.write(piece, kept: self.keptSentence)
      }
    } catch {
      _ = file.truncate(to: bytesKept)
      throw error
    }
    bytesKept += bytes.count
    linesKept += count
    bytes.withUnsafeBytes { checksum.add($0) }
  }

  /// Writes the buffered lines, and waits until they are on the disk.
  ///
  /// - Throws: `FileError`
  package func sync() throws(FileError) {
    try flush()
    try file.sync(kept: keptSentence)
  }

  /// Writes the buffered lines, waits until they are on the disk, and closes the file.
  ///
  /// - Throws: `FileError`. The file accepts no more lines afterwards.
  package func close() throws(FileError) {
    try flush()
    try file.syncAndClose(kept: keptSentence)
  }

  private func endLine() {
    text.append(raw: "\n")
    linesWaiting += 1
  }

  private var keptSentence: String {
    linesKept == 0 ? "No line of it was kept." : "Its first \(linesKept) lines are whole and kept."
  }
}
