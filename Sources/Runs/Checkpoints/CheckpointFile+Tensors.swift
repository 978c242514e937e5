import Storage
import Tensors

// Reads a checkpoint's tensors bit by bit.
extension CheckpointFile {
  /// A double-precision tensor.
  ///
  /// - Throws: `SafeTensorsError`
  package func doubles(_ name: String) throws -> [Double] {
    var values = [Double](repeating: 0, count: tensors.shape(of: name)?.reduce(1, *) ?? 0)
    try values.withUnsafeMutableBufferPointer { try tensors.read(name, into: $0) }
    return values
  }

  /// A vector, or row `row` of a matrix.
  ///
  /// - Throws: `SafeTensorsError`
  package func read<Number: Scalar>(
    _ name: String, row: Int = 0, into place: UnsafeMutableBufferPointer<Number>
  ) throws {
    try tensors.read(name, from: row * place.count, into: place)
  }

  /// The rows of a double-precision matrix.
  package static func rows(
    _ name: String, of file: SafeTensorsFile
  ) throws(SafeTensorsError) -> [[Double]] {
    guard let shape = file.shape(of: name), shape.count == 2 else {
      throw SafeTensorsError(file.path, .missing(tensor: name, present: file.names))
    }
    let values = try file.tensor(name, as: Double.self).values
    return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }
}

/// The names of a checkpoint's tensors.
package enum CheckpointTensor {
  /// The suffix of a vector's name for its columns.
  package static let columns = ".columns"
  /// The prefix of a vector's name for the start of a playout.
  package static let origin = "origin."
  /// θ₀, if it was read from a file.
  package static let initialParameters = "initial.parameters"
  /// φ₀ of the training loss, if it was read from a file.
  package static let initialLoss = "initial.loss"
  /// θ after the best window.
  package static let best = "best.parameters"

  /// θ and the inner optimizer's state vectors.
  package static func vectors(optimizer: Int) -> [String] {
    ["parameters"] + (0..<optimizer).map { "optimizer.\($0)" }
  }
}

extension SafeTensorsFile {
  /// Reads elements of a tensor unconverted, including non-finite ones.
  ///
  /// - Parameter first: the index of the first element, in row-major order.
  /// - Throws: `SafeTensorsError` if there is no such tensor of that type, or it cannot be read.
  func read<Number: Scalar>(
    _ name: String, from first: Int = 0, into place: UnsafeMutableBufferPointer<Number>
  ) throws(SafeTensorsError) {
    let size = MemoryLayout<Number>.size
    guard let entry = entry(name), entry.type == SafeTensorsType(of: Number.self),
      (first + place.count) * size <= entry.bytes.count
    else { throw SafeTensorsError(path, .missing(tensor: name, present: names)) }
    do throws(FileError) {
      try input.read(
        dataStart + entry.bytes.lowerBound + first * size,
        into: UnsafeMutableRawBufferPointer(place))
    } catch {
      throw SafeTensorsError(path, .file(error))
    }
  }
}
