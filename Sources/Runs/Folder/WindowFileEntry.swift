import Storage

/// What a line of `windows.jsonl` says of the window's own file, in place of what the file holds.
package struct WindowFileEntry: Equatable {
  /// The key of the line that it stands under.
  package static let key = "hypergradients"

  /// The number of the window, from 1.
  package let window: Int
  /// q.
  package let count: Int
  /// Its length and its checksum.
  package let mark: FileMark

  package init(window: Int, count: Int, mark: FileMark) {
    self.window = window
    self.count = count
    self.mark = mark
  }

  /// The members of a line: how many numbers and how long, which file, and how it was when it was written.
  ///
  /// - Parameter entry: nil where no file was written, as for the trials of a search.
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

  /// q of a line whose numbers were not written; nil where it names a file, or is something else.
  package static func countAlone(_ json: JSONValue) -> Int? {
    guard json["file"] == nil, let count = json["count"]?.int, 1...1_000_000_000 ~= count
    else { return nil }
    return count
  }

  /// Reads such members; nil when they are something else.
  package init?(_ json: JSONValue, window: Int) {
    guard json["file"]?.string == RunFolder.name(ofWindow: window),
      let count = json["count"]?.int, 1...1_000_000_000 ~= count,
      let bytes = json["bytes"]?.int, bytes >= 0,
      let checksum = json["checksum"]?.string.flatMap(Checksum.init)
    else { return nil }
    self.init(window: window, count: count, mark: FileMark(bytes: bytes, checksum: checksum))
  }

  /// The files that a `windows.jsonl` names, as far as it had come.
  ///
  /// - Throws: `FileError`, `RecordError` for a damaged line.
  package static func all(in path: String, upTo mark: FileMark) throws -> [WindowFileEntry] {
    guard try names(in: path, bytes: mark.bytes) else { return [] }
    var reader = try JSONLinesReader(path: path, cutEnd: .left)
    var entries: [WindowFileEntry] = []
    // What stands behind those lines will be cut off.
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

  /// Whether the bytes name any file: lines with lists of numbers take long to read.
  private static func names(in path: String, bytes: Int) throws(FileError) -> Bool {
    guard bytes > 0 else { return false }
    let opening = Array("\"\(key)\":{".utf8)
    let (piece, input) = (1 << 20, try InputFile(path: path))
    let end = min(bytes, input.size)
    for start in stride(from: 0, to: end, by: piece) {
      // An opening that two pieces share is whole in the first.
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
