/// The length and content of a growing file at the time of a checkpoint.
///
/// The lines of a run are on the disk before the checkpoint that follows them, so a file has at
/// least what its mark says. Anything more was written after the checkpoint and will be written
/// again.
package struct FileMark: Equatable {
  /// The number of lines.
  package var lines = 0
  /// The number of bytes.
  package var bytes = 0
  /// The checksum of those bytes.
  package var checksum = Checksum()

  package init(lines: Int = 0, bytes: Int = 0, checksum: Checksum = Checksum()) {
    self.lines = lines
    self.bytes = bytes
    self.checksum = checksum
  }

  /// Adds a line.
  package mutating func add(line: String) {
    let text = Array("\(line)\n".utf8)
    lines += 1
    bytes += text.count
    text.withUnsafeBytes { checksum.add($0) }
  }

  /// The mark of a file's current bytes, with no lines counted.
  ///
  /// - Throws: `FileError` if it cannot be read.
  package init(of path: String) throws(FileError) {
    let input = try InputFile(path: path)
    let sum = try Self.checksum(of: input, first: input.size)
    self.init(bytes: input.size, checksum: sum)
  }

  /// How a file differs from the mark, as the rest of a sentence that begins with its name; nil if
  /// it does not.
  ///
  /// - Parameter isWhole: whether the file must not have grown: additional bytes are then a
  ///   difference too.
  /// - Throws: `FileError`
  package func difference(
    from path: String, isWhole: Bool = false
  ) throws(FileError) -> String? {
    guard PathKind(of: path) != .nothing else { return bytes == 0 ? nil : "is missing" }
    let input = try InputFile(path: path)
    guard input.size >= bytes, !isWhole || input.size == bytes else {
      return "has \(input.size) bytes and had \(bytes) when that was made"
    }
    let sum = try Self.checksum(of: input, first: bytes)
    return sum == checksum
      ? nil
      : "has changed in its first \(bytes) bytes: their checksum is \(sum.text), and was "
        + "\(checksum.text)"
  }

  private static func checksum(
    of input: InputFile, first bytes: Int
  ) throws(FileError) -> Checksum {
    var sum = Checksum()
    for start in stride(from: 0, to: bytes, by: piece) {
      let part = try input.bytes(at: start..<min(start + piece, bytes))
      part.withUnsafeBytes { sum.add($0) }
    }
    return sum
  }

  private static let piece = 1 << 20
}

extension FileMark {
  /// The mark as JSON.
  package var json: JSONValue {
    ["lines": .integer(lines), "bytes": .integer(bytes), "checksum": .string(checksum.text)]
  }

  /// Reads a mark from `json`; returns nil if it is not one.
  package init?(json: JSONValue) {
    guard let lines = json["lines"]?.int, let bytes = json["bytes"]?.int, lines >= 0,
      bytes >= lines, let checksum = json["checksum"]?.string.flatMap(Checksum.init)
    else { return nil }
    self.init(lines: lines, bytes: bytes, checksum: checksum)
  }
}
