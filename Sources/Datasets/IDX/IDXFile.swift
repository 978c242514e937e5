/// The IDX format of MNIST and its relatives: a big-endian header, then bytes.
///
/// Images: magic 0x00000803, count, rows, columns, then one byte a pixel. Labels: magic 0x00000801,
/// count, then one byte each. Raw or gzip.
enum IDXFile {
  /// The most bytes that a header may announce: 2.7 million images of MNIST's size.
  static let longest = 1 << 31

  /// `[count, rows, columns]` bytes of images.
  ///
  /// - Throws: `DatasetError` that says what was expected and what was found.
  static func images(
    _ path: String
  ) throws(DatasetError) -> (count: Int, rows: Int, columns: Int, pixels: [UInt8]) {
    let file = try DataFile(path)
    let sizes = try sizes(of: file, .images)
    return (sizes[0], sizes[1], sizes[2], try content(of: file, .images, sizes))
  }

  /// One byte a label.
  ///
  /// - Throws: `DatasetError` that says what was expected and what was found.
  static func labels(_ path: String, classCount: Int) throws(DatasetError) -> [UInt8] {
    let file = try DataFile(path)
    let labels = try content(of: file, .labels, try sizes(of: file, .labels))
    if let index = labels.firstIndex(where: { Int($0) >= classCount }) {
      throw DatasetError(
        path,
        "has the label \(labels[index]) at index \(index), but labels are 0 to "
          + "\(classCount - 1)", remedy: DatasetError.fetchAgain)
    }
    return labels
  }

  /// What the header announces, checked against the file's length as far as that is possible without
  /// reading it all.
  ///
  /// - Throws: `DatasetError` that says what was expected and what was found.
  static func announced(_ path: String, _ kind: Kind) throws(DatasetError) -> [Int] {
    let file = try DataFile(path)
    let sizes = try sizes(of: file, kind)
    let expected = kind.headerLength + sizes.reduce(1, *)
    // Of several members, gzip notes the length of the last: then all must be read.
    if try file.notedLength() != expected & 0xFFFF_FFFF {
      _ = try content(of: file, kind, sizes)
    }
    return sizes
  }

  /// What a file holds.
  enum Kind {
    case images, labels

    var magic: UInt32 { self == .images ? 0x0000_0803 : 0x0000_0801 }
    var dimensions: Int { self == .images ? 3 : 1 }
    var headerLength: Int { 4 + 4 * dimensions }
  }

  /// Reads the header.
  private static func sizes(of file: DataFile, _ kind: Kind) throws(DatasetError) -> [Int] {
    let bytes = try file.bytes(upTo: kind.headerLength)
    func word(_ index: Int) -> UInt32 {
      bytes[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    guard bytes.count == kind.headerLength else {
      throw DatasetError(
        file.path, "ends after \(bytes.count) bytes, in the middle of its header",
        remedy: DatasetError.fetchAgain)
    }
    guard word(0) == kind.magic else {
      throw DatasetError(
        file.path,
        "starts with the magic number \(hexadecimal(word(0))), not "
          + "\(hexadecimal(kind.magic)) of IDX \(kind)",
        remedy: "Check that images and labels are not exchanged, or fetch the file again.")
    }
    let sizes = (1...kind.dimensions).map { Int(word($0)) }
    if kind == .images, sizes[0] == 0 { throw DatasetError.noImages(file.path) }
    var length = 1
    for size in sizes {
      let product = length.multipliedReportingOverflow(by: size)
      length = product.overflow ? .max : product.partialValue
    }
    guard length <= longest else {
      throw DatasetError(
        file.path,
        "announces \(sizes.map(String.init).joined(separator: "×")) bytes in its header, more than "
          + "any such set has", remedy: DatasetError.fetchAgain)
    }
    return sizes
  }

  /// Reads what follows the header, up to the end of the file.
  private static func content(
    of file: DataFile, _ kind: Kind, _ sizes: [Int]
  ) throws(DatasetError) -> [UInt8] {
    let length = sizes.reduce(1, *)
    let announced = kind.headerLength + length
    guard announced <= file.most else {
      throw truncated(file, file.isCompressed ? "" : "\(file.size) bytes, but ", announced)
    }
    let bytes = try file.bytes(upTo: length)
    guard bytes.count == length else {
      throw truncated(file, "\(kind.headerLength + bytes.count) bytes, but ", announced)
    }
    guard try file.isAtEnd() else {
      // What unpacks to too much may as well be damaged: it is not unpacked to see.
      let found = file.isCompressed ? "" : "\(file.size) bytes, but "
      let problem =
        file.isCompressed ? "is damaged, or has bytes after its end" : "has bytes after its end"
      throw DatasetError(
        file.path, "\(problem): \(found)its header announces \(announced)",
        remedy: DatasetError.fetchAgain)
    }
    return bytes
  }

  private static func truncated(
    _ file: DataFile, _ found: String, _ announced: Int
  ) -> DatasetError {
    DatasetError(
      file.path, "is truncated: \(found)its header announces \(announced)",
      remedy: DatasetError.fetchAgain)
  }

  private static func hexadecimal(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
