/// A file of SVHN's cropped digits (Netzer and others 2011): images `X` and labels `y`.
///
/// X is uint8 `[32, 32, 3, N]` (row, column, channel, image), the row fastest as always in MATLAB; y is
/// uint8 or double `[N, 1]` with 1 … 9 for themselves and 10 for the digit 0.
struct SVHNFile {
  /// One digit an image, 0 … 9.
  let labels: [UInt8]
  /// `[labels.count, 3, 32, 32]`.
  let pixels: [UInt8]

  private static let side = 32
  private static let channels = 3

  /// Reads a file.
  ///
  /// - Throws: `DatasetError` when it is no MAT file, is damaged, or holds something else.
  init(_ path: String) throws(DatasetError) {
    let file = try MATFile(path)
    labels = try file.withArray("y") { dimensions, elements throws(DatasetError) in
      guard dimensions.count == 2, dimensions.contains(1) else {
        throw Self.wrongShape(path, "y", dimensions, "[N, 1]")
      }
      return try Self.digits(elements, path)
    }
    let count = labels.count
    pixels = try file.withArray("X") { dimensions, elements throws(DatasetError) in
      // MATLAB drops a last dimension of 1.
      let shape = dimensions + (dimensions.count == 3 ? [1] : [])
      guard shape.count == 4, Array(shape[..<3]) == [Self.side, Self.side, Self.channels] else {
        throw Self.wrongShape(path, "X", dimensions, "[32, 32, 3, N]")
      }
      guard shape[3] == count else {
        throw DatasetError(
          path, "has \(shape[3]) images in X, but \(count) labels in y",
          remedy: DatasetError.fetchAgain)
      }
      guard case .bytes(let bytes) = elements else {
        throw DatasetError(
          path, "has images X of double, not of uint8", remedy: DatasetError.fetchAgain)
      }
      return Self.rowByRow(bytes)
    }
  }

  private static func digits(
    _ elements: MATFile.Elements, _ path: String
  ) throws(DatasetError) -> [UInt8] {
    let values: [Double] =
      switch elements {
      case .bytes(let bytes): bytes.map { Double($0) }
      case .doubles(let doubles): Array(doubles)
      }
    // Written so that a NaN is found too.
    if let index = values.firstIndex(where: { !($0 >= 1 && $0 <= 10 && $0 == $0.rounded()) }) {
      throw DatasetError(
        path, "has the label \(values[index]) at index \(index), but labels are 1 to 10",
        remedy: DatasetError.fetchAgain)
    }
    return values.map { UInt8($0) % 10 }
  }

  /// Exchanges rows and columns: every plane of 32×32 bytes comes column by column.
  private static func rowByRow(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: bytes.count) { output, initialised in
      for plane in stride(from: 0, to: bytes.count, by: side * side) {
        for row in 0..<side {
          for column in 0..<side {
            output[plane + row * side + column] = bytes[plane + column * side + row]
          }
        }
      }
      initialised = bytes.count
    }
  }

  private static func wrongShape(
    _ path: String, _ name: String, _ found: [Int], _ wanted: String
  ) -> DatasetError {
    let sizes = found.map(String.init).joined(separator: ", ")
    return DatasetError(
      path, "has a variable \(name) of shape [\(sizes)], not \(wanted)",
      remedy: "Fetch SVHN's cropped digits (format 2), not the whole numbers.")
  }
}
