/// The binary format of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of labels and planes.
///
/// CIFAR-10: a label, then 1024 red, 1024 green and 1024 blue bytes, row by row. CIFAR-100 has a
/// coarse label in front of the fine one, which is the class. Raw or gzip.
struct CIFARFile {
  /// Bytes of an image.
  static let imageLength = 3 * 32 * 32

  /// One label an image, in 0 ..< classCount.
  let labels: [UInt8]
  /// `[labels.count, 3, 32, 32]`.
  let pixels: [UInt8]

  /// Reads a file.
  ///
  /// - Parameter labelsPerRecord: 1 for CIFAR-10, 2 for CIFAR-100; the last one is the class.
  /// - Throws: `DatasetError` when it is no whole number of records, or a label is no class.
  init(_ path: String, labelsPerRecord: Int, classCount: Int) throws(DatasetError) {
    let bytes = try GzipFile.bytes(of: path)
    let record = labelsPerRecord + Self.imageLength
    guard !bytes.isEmpty, bytes.count % record == 0 else {
      throw DatasetError(
        path, "has \(bytes.count) bytes, which is no whole number of records of \(record)",
        remedy: DatasetError.fetchAgain)
    }
    var labels: [UInt8] = []
    var pixels: [UInt8] = []
    pixels.reserveCapacity(bytes.count / record * Self.imageLength)
    for start in stride(from: 0, to: bytes.count, by: record) {
      let label = bytes[start + labelsPerRecord - 1]
      guard Int(label) < classCount else {
        throw DatasetError(
          path,
          "has the label \(label) at index \(start / record), but labels are 0 to "
            + "\(classCount - 1)", remedy: DatasetError.fetchAgain)
      }
      labels.append(label)
      pixels += bytes[(start + labelsPerRecord)..<(start + record)]
    }
    self.labels = labels
    self.pixels = pixels
  }
}
