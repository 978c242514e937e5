/// A file of a data set, raw or gzip, read from its start to its end.
///
/// Readers ask for what the header announces, and no more than that is ever inflated: a small file
/// cannot ask for all memory.
final class DataFile {
  let path: String
  /// Its bytes on the disk.
  let size: Int
  /// Whether it is gzip.
  let isCompressed: Bool
  private let file: RegularFile
  private let inflated: InflatedRange?
  /// Where the next bytes of a raw file are.
  private var position = 0

  /// Opens a file.
  ///
  /// - Throws: `DatasetError` when it cannot be opened, or is a pipe or a device.
  init(_ path: String) throws(DatasetError) {
    self.path = path
    let file = try RegularFile(path)
    let magic = try file.bytes(at: 0, upTo: 2)
    self.file = file
    size = file.size
    isCompressed = magic == [0x1F, 0x8B]
    inflated = isCompressed ? try InflatedRange(0..<file.size, of: file, .gzip) : nil
  }

  /// The most bytes that the file can hold once it is inflated.
  var most: Int {
    guard isCompressed else { return size }
    let product = size.multipliedReportingOverflow(by: InflatedRange.largestRatio)
    return product.overflow ? .max : product.partialValue
  }

  /// The next bytes; fewer than `count` only at the end.
  ///
  /// - Throws: `DatasetError` when the file cannot be read, or its compressed data end early or are
  ///   damaged.
  func bytes(upTo count: Int) throws(DatasetError) -> [UInt8] {
    guard let inflated else {
      let bytes = try file.bytes(at: position, upTo: count)
      position += bytes.count
      return bytes
    }
    var result: [UInt8] = []
    result.reserveCapacity(min(count, most))
    var piece = [UInt8](repeating: 0, count: min(count, 1 << 20))
    while result.count < count {
      let wanted = min(count - result.count, piece.count)
      let found = try inflated.fill(&piece, upTo: wanted)
      result += piece[..<found]
      if found < wanted { break }
    }
    return result
  }

  /// Whether nothing is left; of compressed data also whether their checksum is right.
  ///
  /// - Throws: as `bytes(upTo:)` does.
  func isAtEnd() throws(DatasetError) -> Bool { try bytes(upTo: 1).isEmpty }

  /// The length that gzip notes at the end of a file, modulo 2³²; of a raw file its size.
  ///
  /// - Throws: `DatasetError` when the file cannot be read.
  func notedLength() throws(DatasetError) -> Int {
    guard isCompressed, size >= 4 else { return size }
    return try file.bytes(at: size - 4, upTo: 4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
