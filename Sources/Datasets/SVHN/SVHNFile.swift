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
    // Before libmatio allocates what the file asks for.
    _ = try Self.count(of: file.variables, path)
    labels = try file.withArray("y") { elements throws(DatasetError) in
      try Self.digits(elements, path)
    }
    pixels = try file.withArray("X") { elements throws(DatasetError) in
      guard case .bytes(let bytes) = elements else { throw Self.notOfBytes(path) }
      return Self.rowByRow(bytes)
    }
  }

  /// How many images a file announces, of sizes that agree with the length of its variables.
  ///
  /// - Throws: `DatasetError` as `init` does, but for what only reading it all would show.
  static func announcedCount(_ path: String) throws(DatasetError) -> Int {
    try count(of: try MATLayout.variables(of: path, isWhole: false), path)
  }

  private static func count(
    of variables: [MATVariable], _ path: String
  ) throws(DatasetError) -> Int {
    let labels = try variable("y", variables, path)
    guard labels.dimensions.count == 2, labels.dimensions.contains(1) else {
      throw wrongShape(path, labels, "[N, 1]")
    }
    let images = try variable("X", variables, path)
    // MATLAB drops a last dimension of 1.
    let shape = images.dimensions + (images.dimensions.count == 3 ? [1] : [])
    guard shape.count == 4, Array(shape[..<3]) == [side, side, channels] else {
      throw wrongShape(path, images, "[32, 32, 3, N]")
    }
    guard shape[3] == labels.count else {
      throw DatasetError(
        path, "has \(shape[3]) images in X, but \(labels.count) labels in y",
        remedy: DatasetError.fetchAgain)
    }
    guard labels.count > 0 else { throw DatasetError.noImages(path) }
    guard images.isOfBytes else { throw notOfBytes(path) }
    return labels.count
  }

  private static func variable(
    _ name: String, _ variables: [MATVariable], _ path: String
  ) throws(DatasetError) -> MATVariable {
    let found = variables.filter { $0.name == name }
    guard let variable = found.first, found.count == 1 else {
      throw DatasetError(
        path, "has \(found.isEmpty ? "no variable" : "more than one variable") \(name)",
        remedy: "Fetch SVHN's cropped digits (format 2).")
    }
    return variable
  }

  private static func notOfBytes(_ path: String) -> DatasetError {
    DatasetError(path, "has images X of another type than uint8", remedy: DatasetError.fetchAgain)
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
    _ path: String, _ variable: MATVariable, _ wanted: String
  ) -> DatasetError {
    let sizes = variable.dimensions.map(String.init).joined(separator: ", ")
    return DatasetError(
      path, "has a variable \(variable.name) of shape [\(sizes)], not \(wanted)",
      remedy: "Fetch SVHN's cropped digits (format 2), not the whole numbers.")
  }
}
