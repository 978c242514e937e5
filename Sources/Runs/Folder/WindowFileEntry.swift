import Storage

/// A window file as referenced by its line of `windows.jsonl`, in place of its content.
package struct WindowFileEntry: Equatable {
  /// The entry's key in the line.
  package static let key = "hypergradients"

  /// The window's number, from 1.
  package let window: Int
  /// q.
  package let count: Int
  /// The file's length and checksum.
  package let mark: FileMark

  package init(window: Int, count: Int, mark: FileMark) {
    self.window = window
    self.count = count
    self.mark = mark
  }

  /// The entry as JSON: the count and the norms, the file, and its mark when written.
  ///
  /// - Parameter entry: nil if no file was written, as for the trials of a search.
  package static func members(
    _ entry: WindowFileEntry?, count: Int, norm: Double, estimateNorm: Double?
  ) -> JSONValue {
    let summary: [JSONValue.Member] = [
      .init("count", .integer(count)), .init("norm", .number(norm)),
      .init("estimate_norm", estimateNorm.map { .number($0) } ?? .null),
    ]
    guard let entry else { return .object(summary) }
    return .object(
      [.init("file", .string(RunFolder.name(ofWindow: entry.window)))] + summary + [
        .init("bytes", .integer(entry.mark.bytes)),
        .init("checksum", .string(entry.mark.checksum.text)),
      ])
  }

  /// q of an entry without a file; nil if it names a file or cannot be read.
  package static func countAlone(_ json: JSONValue) -> Int? {
    guard json["file"] == nil, let count = json["count"]?.int, 1...1_000_000_000 ~= count
    else { return nil }
    return count
  }

  /// Reads such an entry; returns nil for anything else.
  package init?(_ json: JSONValue, window: Int) {
    guard json["file"]?.string == RunFolder.name(ofWindow: window),
      let count = json["count"]?.int, 1...1_000_000_000 ~= count,
      let bytes = json["bytes"]?.int, bytes >= 0,
      let checksum = json["checksum"]?.string.flatMap(Checksum.init)
    else { return nil }
    self.init(window: window, count: count, mark: FileMark(bytes: bytes, checksum: checksum))
  }

  /// The files referenced by `windows.jsonl`, up to a mark.
  ///
  /// - Throws: `FileError`, `RecordError` for a damaged line.
  package static func all(in path: String, upTo mark: FileMark) throws -> [WindowFileEntry] {
    guard try names(in: path, bytes: mark.bytes) else { return [] }
    var reader = try JSONLinesReader(path: path, cutEnd: .left)
    var entries: [WindowFileEntry] = []
    // Later lines will be truncated.
    for _ in 0..<mark.lines {
      guard let line = try reader.nextLine() else { break }
      guard let json = line.value[key] else { continue }
      guard let window = line.value["window"]?.int,
        let entry = WindowFileEntry(json, window: window)
      else {
        throw RecordError(
          path, line: line.number,
          "has a \"\(key)\" that does not name the window's file. Take a copy of the file that is "
            + "not damaged.")
      }
      entries.append(entry)
    }
    return entries
  }

  /// Whether the bytes reference any file; avoids parsing lines with long lists of numbers.
  private static func names(in path: String, bytes: Int) throws(FileError) -> Bool {
    guard bytes > 0 else { return false }
    let opening = Array("\"\(key)\":{".utf8)
    let (piece, input) = (1 << 20, try InputFile(path: path))
    let end = min(bytes, input.size)
    for start in stride(from: 0, to: end, by: piece) {
      // Pieces overlap, so that a key at a boundary is complete in the first one.
      let part = try input.bytes(at: start..<min(start + piece + opening.count, end))
      var rest = part[...]
      while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
        if part[...brace].suffix(opening.count).elementsEqual(opening) { return true }
        rest = rest[(brace + 1)...]
      }
    }
    return false
  }
}
