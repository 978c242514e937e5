/// The IDX format of MNIST and its relatives: a big-endian header, then bytes.
///
/// Images: magic 0x00000803, count, rows, columns, then one byte a pixel. Labels: magic 0x00000801,
/// count, then one byte a label. Raw or gzip.
enum IDXFile {
  /// `[count, rows, columns]` bytes of images.
  ///
  /// - Throws: `DatasetError` that says what was expected and what was found.
  static func images(
    _ path: String
  ) throws(DatasetError) -> (count: Int, rows: Int, columns: Int, pixels: [UInt8]) {
    let bytes = try GzipFile.bytes(of: path)
    let sizes = try header(bytes, path, magic: 0x0000_0803, sizes: 3, kind: "images")
    try requireBytes(bytes, path, header: 16, sizes: sizes)
    return (sizes[0], sizes[1], sizes[2], Array(bytes[16...]))
  }

  /// One byte a label.
  ///
  /// - Throws: `DatasetError` that says what was expected and what was found.
  static func labels(_ path: String, classCount: Int) throws(DatasetError) -> [UInt8] {
    let bytes = try GzipFile.bytes(of: path)
    let sizes = try header(bytes, path, magic: 0x0000_0801, sizes: 1, kind: "labels")
    try requireBytes(bytes, path, header: 8, sizes: sizes)
    let labels = Array(bytes[8...])
    if let index = labels.firstIndex(where: { Int($0) >= classCount }) {
      throw DatasetError(
        path,
        "has the label \(labels[index]) at index \(index), but labels are 0 to "
          + "\(classCount - 1)", remedy: DatasetError.fetchAgain)
    }
    return labels
  }

  private static func header(
    _ bytes: [UInt8], _ path: String, magic: UInt32, sizes: Int, kind: String
  ) throws(DatasetError) -> [Int] {
    guard bytes.count >= 4 + 4 * sizes else {
      throw DatasetError(
        path, "ends after \(bytes.count) bytes, in the middle of its header",
        remedy: DatasetError.fetchAgain)
    }
    func word(_ index: Int) -> UInt32 {
      bytes[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    guard word(0) == magic else {
      throw DatasetError(
        path,
        "starts with the magic number \(hexadecimal(word(0))), not "
          + "\(hexadecimal(magic)) of IDX \(kind)",
        remedy: "Check that images and labels are not exchanged, or fetch the file again.")
    }
    return (1...sizes).map { Int(word($0)) }
  }

  private static func requireBytes(
    _ bytes: [UInt8], _ path: String, header: Int, sizes: [Int]
  ) throws(DatasetError) {
    var expected = header
    var product = 1
    for size in sizes { product = product.multipliedReportingOverflow(by: size).partialValue }
    expected = expected.addingReportingOverflow(product).partialValue
    guard bytes.count == expected else {
      let state = bytes.count < expected ? "is truncated" : "has bytes after its end"
      throw DatasetError(
        path, "\(state): \(bytes.count) bytes, but its header announces \(expected)",
        remedy: DatasetError.fetchAgain)
    }
  }

  private static func hexadecimal(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
