import Glibc
import Storage

/// The lines at the start of a `.jsonl` file that belong to the first windows.
///
/// Every line begins with `{"window":NUMBER`, the numbers ascending. A last line without an end was
/// being written when its process was killed, and does not count.
package struct WindowLines: Equatable {
  /// How many lines.
  package private(set) var count = 0
  /// Their length in the file.
  package private(set) var bytes = 0
  /// The window of the last of them; 0 where there is none.
  package private(set) var lastWindow = 0
  /// The checksum of their bytes.
  package private(set) var checksum = Checksum()

  /// Looks through a file; none has no lines.
  ///
  /// - Throws: `FileError` when it cannot be read.
  package init(of path: String, throughWindow last: Int = .max) throws(FileError) {
    guard access(path, F_OK) == 0 else { return }
    let input = try InputFile(path: path)
    var start: [UInt8] = []
    var length = 0
    // Of the lines so far and what has been read of the next one.
    var sum = Checksum()
    for position in stride(from: 0, to: input.size, by: Self.piece) {
      var rest = try input.bytes(at: position..<min(position + Self.piece, input.size))[...]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        start += rest[..<end].prefix(Self.longestStart - start.count)
        length += end + 1 - rest.startIndex
        guard let window = Self.window(of: start), window <= last else { return }
        rest[...end].withUnsafeBytes { sum.add($0) }
        (count, bytes, lastWindow, checksum) = (count + 1, bytes + length, window, sum)
        (start, length) = ([], 0)
        rest = rest[(end + 1)...]
      }
      start += rest.prefix(Self.longestStart - start.count)
      length += rest.count
      rest.withUnsafeBytes { sum.add($0) }
    }
  }

  private static let piece = 1 << 20
  private static let opening = Array("{\"window\":".utf8)
  private static let longestStart = opening.count + 20

  private static func window(of start: [UInt8]) -> Int? {
    guard start.starts(with: opening) else { return nil }
    let digits = start.dropFirst(opening.count).prefix {
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
    }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
