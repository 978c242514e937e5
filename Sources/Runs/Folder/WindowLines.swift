import Glibc
import Storage

/// The initial lines of a `.jsonl` file that belong to the first windows.
///
/// Every line begins with `{"window":NUMBER`, in ascending order. A partial last line, left by a
/// process that was killed while writing it, does not count.
package struct WindowLines: Equatable {
  /// The number of lines.
  package private(set) var count = 0
  /// Their length in bytes.
  package private(set) var bytes = 0
  /// The window of the last line; 0 if there are none.
  package private(set) var lastWindow = 0
  /// The checksum of their bytes.
  package private(set) var checksum = Checksum()

  /// Scans a file; a missing one has no lines.
  ///
  /// - Throws: `FileError` if it cannot be read.
  package init(of path: String, throughWindow last: Int = .max) throws(FileError) {
    guard access(path, F_OK) == 0 else { return }
    let input = try InputFile(path: path)
    var start: [UInt8] = []
    var length = 0
    // Includes what has been read of the next line.
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
