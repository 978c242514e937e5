/// Reads `windows.jsonl` line by line.
struct WindowReader {
  private var lines: JSONLinesReader

  /// Opens a file.
  ///
  /// - Throws: `FileError`
  init(path: String, cutEnd: JSONLinesReader.CutEnd = .refused) throws(FileError) {
    lines = try JSONLinesReader(path: path, cutEnd: cutEnd)
  }

  /// The next window, or nil at the end.
  ///
  /// - Throws: `FileError`, and `RecordError` for a line that is damaged.
  mutating func nextWindow() throws -> RecordedWindow? {
    guard let line = try lines.nextLine() else { return nil }
    return try RecordedWindow(RecordedMembers(path: lines.path, line: line))
  }
}
