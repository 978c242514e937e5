import CMatIO
import Foundation

/// A level-5 MAT file, read through libmatio.
///
/// The one place that names the library.
final class MATFile {
  let path: String
  /// What the file holds.
  let variables: [MATVariable]
  private let file: OpaquePointer

  /// Opens a file.
  ///
  /// - Throws: `DatasetError` when it is no MAT file of level 5, is cut short, or cannot be read.
  init(_ path: String) throws(DatasetError) {
    variables = try MATLayout.variables(of: path, isWhole: true)
    guard let file = Mat_Open(path, Int32(MAT_ACC_RDONLY.rawValue)) else {
      throw DatasetError(
        path, "cannot be opened as a MAT file", remedy: DatasetError.fetchAgain)
    }
    self.path = path
    self.file = file
  }

  deinit { Mat_Close(file) }

  /// Reads an array of numbers and hands over its elements, the first index fastest.
  ///
  /// The elements are the library's and gone when `body` returns: SVHN's training images are 225 MB,
  /// of which one copy is enough.
  ///
  /// - Throws: `DatasetError` when there is no such array of bytes or doubles, and what `body` throws.
  func withArray<Result>(
    _ name: String,
    _ body: (Elements) throws(DatasetError) -> Result
  ) throws(DatasetError) -> Result {
    guard let variable = Mat_VarReadInfo(file, name) else {
      throw DatasetError(
        path, "has no variable \(name)", remedy: "Fetch SVHN's cropped digits (format 2).")
    }
    defer { Mat_VarFree(variable) }
    guard let sizes = variable.pointee.dims, variable.pointee.isComplex == 0 else {
      throw DatasetError(
        path, "has a variable \(name) that is no array of numbers",
        remedy: "Fetch SVHN's cropped digits (format 2).")
    }
    let dimensions = (0..<Int(variable.pointee.rank)).map { Int(sizes[$0]) }
    let count = dimensions.reduce(1, *)
    guard Mat_VarReadDataAll(file, variable) == 0 else {
      throw DatasetError(
        path, "is damaged: its variable \(name) cannot be unpacked", remedy: DatasetError.fetchAgain
      )
    }
    guard count > 0, let data = variable.pointee.data,
      Int(variable.pointee.nbytes) == count * Int(variable.pointee.data_size)
    else {
      throw DatasetError(
        path, "has an empty variable \(name)", remedy: DatasetError.fetchAgain)
    }
    switch variable.pointee.class_type {
    case MAT_C_UINT8:
      let start = data.assumingMemoryBound(to: UInt8.self)
      return try body(.bytes(UnsafeBufferPointer(start: start, count: count)))
    case MAT_C_DOUBLE:
      let start = data.assumingMemoryBound(to: Double.self)
      return try body(.doubles(UnsafeBufferPointer(start: start, count: count)))
    default:
      throw DatasetError(
        path, "has a variable \(name) that is neither of uint8 nor of double",
        remedy: "Fetch SVHN's cropped digits (format 2).")
    }
  }

  /// The elements of an array.
  enum Elements {
    /// Of MATLAB's class uint8.
    case bytes(UnsafeBufferPointer<UInt8>)
    /// Of MATLAB's class double.
    case doubles(UnsafeBufferPointer<Double>)
  }
}
