/// The binary format of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): records of labels and planes.
///
/// CIFAR-10: a label, then 1024 red, 1024 green and 1024 blue bytes, row by row. CIFAR-100 has a
/// coarse label in front of the fine one, which is the class. Raw or gzip.
///
/// There is no header: that a file was cut short between two records shows only in the number of
/// images, so the official number is asked for.
struct CIFARFile {
  /// Bytes of an image.
  static let imageLength = 3 * 32 * 32

  /// What a file must hold.
  struct Form {
    /// 1 for CIFAR-10, 2 for CIFAR-100; the last one is the class.
    let labelsPerRecord: Int
    let classCount: Int
    /// Images of the official file.
    let officialCount: Int
    /// Whether fewer images will do.
    let allowsFewer: Bool

    var recordLength: Int { labelsPerRecord + CIFARFile.imageLength }
  }

  /// One label an image, in 0 ..< classCount.
  let labels: [UInt8]
  /// `[labels.count, 3, 32, 32]`.
  let pixels: [UInt8]

  /// Reads a file.
  ///
  /// - Throws: `DatasetError` when it is no whole number of records, has another number of them than
  ///   it should, or a label is no class.
  init(_ path: String, _ form: Form) throws(DatasetError) {
    let file = try DataFile(path)
    let record = form.recordLength
    // A raw file shows its length; of gzip no more is inflated than the official file holds.
    if !file.isCompressed { try Self.check(file.size, path, form) }
    let bytes = try file.bytes(upTo: form.officialCount * record)
    guard try file.isAtEnd() else { throw Self.tooLong(path, form) }
    try Self.check(bytes.count, path, form)
    var labels: [UInt8] = []
    var pixels: [UInt8] = []
    pixels.reserveCapacity(bytes.count / record * Self.imageLength)
    for start in stride(from: 0, to: bytes.count, by: record) {
      let label = bytes[start + form.labelsPerRecord - 1]
      guard Int(label) < form.classCount else {
        throw DatasetError(
          path,
          "has the label \(label) at index \(start / record), but labels are 0 to "
            + "\(form.classCount - 1)", remedy: DatasetError.fetchAgain)
      }
      labels.append(label)
      pixels += bytes[(start + form.labelsPerRecord)..<(start + record)]
    }
    self.labels = labels
    self.pixels = pixels
  }

  /// How many images a file holds by its length, or by the one that gzip notes at its end.
  ///
  /// - Throws: `DatasetError` as `init` does, but for what only reading it all would show.
  static func announcedCount(_ path: String, _ form: Form) throws(DatasetError) -> Int {
    let file = try DataFile(path)
    let length = try file.notedLength()
    guard file.isCompressed else {
      try check(length, path, form)
      return length / form.recordLength
    }
    // Of several members, gzip notes the length of the last: then all must be read.
    if length != form.officialCount * form.recordLength {
      return try CIFARFile(path, form).labels.count
    }
    return form.officialCount
  }

  private static func check(_ length: Int, _ path: String, _ form: Form) throws(DatasetError) {
    let record = form.recordLength
    guard length > 0 else { throw DatasetError.noImages(path) }
    guard length % record == 0 else {
      throw DatasetError(
        path, "has \(length) bytes, which is no whole number of records of \(record)",
        remedy: DatasetError.fetchAgain)
    }
    let count = length / record
    guard count <= form.officialCount else { throw tooLong(path, form) }
    guard count == form.officialCount || form.allowsFewer else {
      throw DatasetError(
        path,
        "has \(count) images, but the official file has \(form.officialCount): it was cut short",
        remedies: [.advice(DatasetError.fetchAgain), .allowFewer])
    }
  }

  private static func tooLong(_ path: String, _ form: Form) -> DatasetError {
    DatasetError(
      path, "has more images than the official file, which has \(form.officialCount)",
      remedy: DatasetError.fetchAgain)
  }
}
