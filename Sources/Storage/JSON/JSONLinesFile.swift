import Glibc

/// A file that grows by whole lines of JSON.
///
/// Lines are gathered in memory and go to the disk together with `flush`, once a window. When that
/// fails the file is cut back to the lines of the last flush, so what is kept is always valid.
package final class JSONLinesFile {
  /// The file's path.
  package let path: String
  /// How many lines are in the file.
  package private(set) var linesKept = 0

  private let file: OutputFile
  private let digits: JSONText.Digits
  private var text: JSONText
  private var linesWaiting = 0
  private var bytesKept = 0
  private var checksum = Checksum()

  /// Makes a new file; one that exists is never touched.
  ///
  /// - Throws: `FileError` when the file exists or cannot be made.
  package convenience init(
    creating path: String, digits: JSONText.Digits = .shortest
  ) throws(FileError) {
    try self.init(path: path, digits: digits, flags: O_CREAT | O_EXCL)
  }

  /// Opens a file of an earlier run and cuts it back to where a checkpoint was made.
  ///
  /// - Parameter mark: what is there up to then, and has been found to be.
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

  /// How much is in the file, and what.
  package var mark: FileMark { FileMark(lines: linesKept, bytes: bytesKept, checksum: checksum) }

  /// Opens what is there: a pipe or a device.
  package init(path: String, digits: JSONText.Digits, flags: Int32) throws(FileError) {
    self.path = path
    self.digits = digits
    text = JSONText(digits: digits)
    file = try OutputFile(path: path, flags: flags | O_APPEND)
  }

  /// Adds a line, to be written with the next flush.
  package func append(_ value: JSONValue) {
    text.append(value)
    endLine()
  }

  /// Adds a line, written piece by piece, to be written with the next flush.
  package func appendLine(_ write: (inout JSONText) -> Void) {
    write(&text)
    endLine()
  }

  /// Writes the lines that wait.
  ///
  /// - Throws: `FileError` that says how many lines are safe; the waiting lines are dropped.
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

  /// Writes the lines that wait, and waits until the disk has them.
  ///
  /// - Throws: `FileError`
  package func sync() throws(FileError) {
    try flush()
    try file.sync(kept: keptSentence)
  }

  /// The same, and no more lines.
  ///
  /// - Throws: `FileError`. The file takes no more lines afterwards.
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
