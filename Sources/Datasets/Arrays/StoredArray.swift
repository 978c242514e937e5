import Foundation

/// An array of numbers of which one row belongs to each example, in memory or in a file.
///
/// A small array is read when it is opened. Of a large one a row is read when it is asked for, by
/// position: a file larger than all memory works, every rank reads its own rows alone, and a disk that
/// fails or a file that shrinks is an error with a name, which mapped memory would turn into a signal.
public struct StoredArray: Sendable {
  /// The file.
  public let path: String
  /// What the array is called in it; nil where the file is the array.
  public let member: String?
  /// What the numbers are.
  public let type: ElementType
  /// How many rows there are: the first axis.
  public let count: Int
  /// The other axes; empty where a row is a single number.
  public let rowShape: [Int]
  /// Numbers of a row.
  public let rowLength: Int
  let source: Source
  /// Bytes from the start of a row to that of the next one; rows of a text overlap.
  let stride: Int

  /// Where the bytes are.
  enum Source: Sendable {
    case memory(ByteBlock, offset: Int)
    case file(RegularFile, offset: Int)
  }

  /// Arrays of up to so many bytes are kept in memory.
  static let mostInMemory = 128 << 20

  init(
    path: String, member: String?, type: ElementType, count: Int, rowShape: [Int], source: Source,
    stride: Int? = nil
  ) {
    self.path = path
    self.member = member
    self.type = type
    self.count = count
    self.rowShape = rowShape
    rowLength = rowShape.reduce(1, *)
    self.source = source
    self.stride = stride ?? rowLength * type.size
  }

  /// How errors call it.
  public var name: String { member.map { "\(path): \($0)" } ?? path }

  /// Bytes of a row.
  var rowBytes: Int { rowLength * type.size }

  /// Whether everything is in memory.
  var isInMemory: Bool { if case .memory = source { true } else { false } }

  /// Bytes of all rows.
  public var byteCount: Int { count * stride }

  /// The array in memory where it is small.
  ///
  /// - Throws: `DatasetError` when it cannot be read.
  func loadedIfSmall() throws(DatasetError) -> StoredArray {
    guard case .file(let file, let offset) = source, byteCount <= Self.mostInMemory else {
      return self
    }
    // Rows of a text overlap: the last one reaches beyond its stride.
    let length = count == 0 ? 0 : (count - 1) * stride + rowBytes
    let block = ByteBlock(count: length)
    try Self.read(file, at: offset, UnsafeMutableRawBufferPointer(rebasing: block.bytes[..<length]))
    return StoredArray(
      path: path, member: member, type: type, count: count, rowShape: rowShape,
      source: .memory(block, offset: 0), stride: stride)
  }

  /// Hands rows out, one after the other.
  ///
  /// - Parameters:
  ///   - rows: which ones, each in 0 ..< count.
  ///   - body: called with the place among `rows`, the row, and its bytes.
  /// - Throws: `DatasetError` when the file cannot be read or has become shorter, and what `body` throws.
  func forEach(
    _ rows: some Sequence<Int>,
    _ body: (_ place: Int, _ row: Int, _ bytes: UnsafeRawPointer) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    var place = 0
    switch source {
    case .memory(let block, let offset):
      let start = UnsafeRawPointer(block.bytes.baseAddress.unsafelyUnwrapped) + offset
      for row in rows {
        try body(place, row, start + row * stride)
        place += 1
      }
    case .file(let file, let offset):
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(1, rowBytes), alignment: 64)
      defer { buffer.deallocate() }
      let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<rowBytes])
      for row in rows {
        try Self.read(file, at: offset + row * stride, bytes)
        try body(place, row, UnsafeRawPointer(buffer.baseAddress.unsafelyUnwrapped))
        place += 1
      }
    }
  }

  /// Hands all rows out, read in large pieces: for what has to see the whole array once.
  func forEachRow(
    _ body: (_ row: Int, _ bytes: UnsafeRawPointer) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    guard case .file(let file, let offset) = source, stride == rowBytes, rowBytes > 0 else {
      return try forEach(0..<count) { _, row, bytes throws(DatasetError) in try body(row, bytes) }
    }
    let rows = max(1, min(count, (4 << 20) / rowBytes))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: rows * rowBytes, alignment: 64)
    defer { buffer.deallocate() }
    var first = 0
    while first < count {
      let found = min(rows, count - first)
      try Self.read(
        file, at: offset + first * rowBytes,
        UnsafeMutableRawBufferPointer(rebasing: buffer[..<(found * rowBytes)]))
      let start = UnsafeRawPointer(buffer.baseAddress.unsafelyUnwrapped)
      for row in 0..<found { try body(first + row, start + row * rowBytes) }
      first += found
    }
  }

  private static func read(
    _ file: RegularFile, at position: Int, _ bytes: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) {
    guard try file.read(at: position, into: bytes) == bytes.count else {
      throw DatasetError(
        file.path, "has become shorter than the \(file.size) bytes it had at the start",
        remedy: "Leave data files alone while they are trained on.")
    }
  }

  /// An error about one example.
  ///
  /// - Parameters:
  ///   - problem: what is wrong, after the example.
  ///   - index: the place in the row.
  func error(_ problem: String, row: Int, index: Int, remedy: String) -> DatasetError {
    var place = [row]
    var rest = index
    var block = rowLength
    for length in rowShape {
      block /= max(1, length)
      place.append(rest / max(1, block))
      rest %= max(1, block)
    }
    return DatasetError(
      name, "\(problem) at index [\(place.map(String.init).joined(separator: ", "))]",
      remedy: remedy)
  }
}
