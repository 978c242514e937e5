/// The shape of an array in a file, held against its bytes.
enum ArrayShape {
  /// An array at a place of a file.
  ///
  /// - Parameters:
  ///   - available: the bytes that there are for its numbers.
  ///   - source: where they are.
  /// - Throws: `DatasetError` when the shape is not that of examples, or needs other bytes.
  static func array(
    path: String, member: String?, type: ElementType, shape: [Int], available: Int,
    source: StoredArray.Source
  ) throws(DatasetError) -> StoredArray {
    let name = member.map { "\(path): \($0)" } ?? path
    guard let count = shape.first else {
      throw DatasetError(
        name, "is a single number, not an array whose first axis is the examples",
        remedy: "Save one row for each example.")
    }
    var size = type.size
    for length in shape {
      let product = size.multipliedReportingOverflow(by: length)
      guard length >= 0, !product.overflow else {
        throw DatasetError(
          name, "says that its shape is \(shape), which no file can hold", remedy: saveAgain)
      }
      size = product.partialValue
    }
    guard count > 0 else {
      throw DatasetError(name, "holds no examples", remedy: "Save one row for each example.")
    }
    guard size > 0 else {
      throw DatasetError(
        name, "has the shape \(shape), in which an example is empty",
        remedy: "Save the numbers of each example.")
    }
    guard count <= Int(Int32.max) else {
      throw DatasetError(
        name, "holds \(count) examples, more than \(Int32.max)", remedy: "Train on a part of them.")
    }
    guard available == size else {
      throw DatasetError(
        name,
        available < size
          ? "is cut short: its shape \(shape) of \(type.rawValue) needs \(size) bytes, and there "
            + "are \(available)"
          : "has \(available) bytes where its shape \(shape) of \(type.rawValue) needs \(size)",
        remedy: "Copy or save it again.")
    }
    return StoredArray(
      path: path, member: member, type: type, count: count, rowShape: Array(shape.dropFirst()),
      source: source)
  }

  private static let saveAgain = "Save it again."
}
