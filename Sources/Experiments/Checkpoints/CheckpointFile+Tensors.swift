import Tensors

// What stands in a checkpoint, number by number and bit by bit.
extension CheckpointFile {
  /// A tensor of double precision.
  ///
  /// - Throws: `SafeTensorsError`
  func doubles(_ name: String) throws -> [Double] {
    var values = [Double](repeating: 0, count: tensors.shape(of: name)?.reduce(1, *) ?? 0)
    try values.withUnsafeMutableBufferPointer { try tensors.read(name, into: $0) }
    return values
  }

  /// A vector, or row `row` of a matrix.
  ///
  /// - Throws: `SafeTensorsError`
  func read<Number: Scalar>(
    _ name: String, row: Int = 0, into place: UnsafeMutableBufferPointer<Number>
  ) throws {
    try tensors.read(name, from: row * place.count, into: place)
  }

  /// Says what of a checkpoint does not fit a run, or nil.
  ///
  /// - Parameters:
  ///   - parameters: p.
  ///   - optimizer: how many vectors the inner optimizer remembers.
  ///   - numbers: how many numbers the hyperparameters are.
  ///   - columns: q.
  func misfit<Number: Scalar>(
    _: Number.Type, parameters: Int, optimizer: Int, numbers: Int, columns: Int
  ) -> String? {
    var expected: [(String, [Int])] = [
      ("hyperparameters", [numbers]), ("outer.first", [columns]), ("outer.second", [columns]),
    ]
    let vectors = CheckpointTensor.vectors(optimizer: optimizer)
    for name in vectors {
      expected.append((name, [parameters]))
      if record.hasColumns {
        expected.append((name + CheckpointTensor.columns, [columns, parameters]))
      }
      if record.originStep != nil {
        expected.append((CheckpointTensor.origin + name, [parameters]))
      }
    }
    for (name, shape) in expected where tensors.shape(of: name) != shape {
      let found = tensors.shape(of: name).map { "\($0)" } ?? "missing"
      return "its \(name) is \(found), and the configuration needs \(shape)"
    }
    let (type, wanted) = (tensors.type(of: vectors[0]), SafeTensorsType(of: Number.self))
    guard type == wanted else {
      return "its numbers are \(type?.rawValue ?? "none"), and the configuration needs "
        + wanted.rawValue
    }
    if tensors.names.contains(CheckpointTensor.vectors(optimizer: optimizer + 1)[optimizer + 1]) {
      return "it comes from another inner optimizer"
    }
    return nil
  }

  /// The rows of a matrix of double precision.
  static func rows(_ name: String, of file: SafeTensorsFile) throws -> [[Double]] {
    guard let shape = file.shape(of: name), shape.count == 2 else {
      throw SafeTensorsError(file.path, .missing(tensor: name, present: file.names))
    }
    var values = [Double](repeating: 0, count: shape[0] * shape[1])
    try values.withUnsafeMutableBufferPointer { try file.read(name, into: $0) }
    return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }
}

/// The names of a checkpoint's tensors.
enum CheckpointTensor {
  /// What follows the name of a vector for its columns.
  static let columns = ".columns"
  /// What stands before it for where a playout began.
  static let origin = "origin."

  /// θ and the vectors that the inner optimizer remembers.
  static func vectors(optimizer: Int) -> [String] {
    ["parameters"] + (0..<optimizer).map { "optimizer.\($0)" }
  }
}

extension SafeTensorsFile {
  /// Reads numbers of a tensor as they are, also such as are not finite.
  ///
  /// - Parameter first: the number to begin with, in row-major order.
  /// - Throws: `SafeTensorsError` when there is no such tensor of that type, or it cannot be read.
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
