/// A named tensor in PyTorch's conventions: row-major, convolutions OIHW, linear layers out × in.
package struct NamedTensor<Number: StoredNumber>: Equatable {
  /// The name, such as `conv1.weight`.
  package var name: String
  /// The sizes of its axes; empty for a scalar.
  package var shape: [Int]
  /// All elements, row-major (last axis fastest).
  package var values: [Number]

  /// Creates a tensor; the number of values must match the shape.
  package init(name: String, shape: [Int], values: [Number]) {
    precondition(
      shape.reduce(1, *) == values.count,
      "tensor \(name) of shape \(shape) with \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// A safetensors file opened for reading: the format in which PyTorch users store parameters.
///
/// Opening reads and checks only the header; a tensor's elements are read on demand, straight into
/// their array, and converted if the file has another type.
///
/// ```swift
/// let file = try SafeTensorsFile(reading: "model.safetensors")
/// let weights = try file.tensor("fc1.weight", shape: [32, 256], as: Float.self)
/// ```
package struct SafeTensorsFile {
  /// The path given.
  package let path: String
  package let header: SafeTensorsHeader
  package let input: InputFile
  package let dataStart: Int

  /// Opens a file and checks its header.
  ///
  /// - Throws: `SafeTensorsError` if the file cannot be read, is truncated, or its header is
  ///   invalid: not JSON, an unsupported type, bytes claimed twice or not at all.
  package init(reading path: String) throws(SafeTensorsError) {
    let input: InputFile
    do throws(FileError) {
      input = try InputFile(path: path)
    } catch {
      throw SafeTensorsError(path, .file(error))
    }
    try self.init(input)
  }

  /// Checks the header of a file that is already open.
  ///
  /// - Throws: `SafeTensorsError`, as `init(reading:)` does.
  package init(_ input: InputFile) throws(SafeTensorsError) {
    self.input = input
    path = input.path
    guard input.size >= 8 else {
      throw SafeTensorsError(path, .truncated(needed: 8, found: input.size))
    }
    let lengthBytes = try Self.bytes(of: input, at: 0..<8, path: path)
    let length = lengthBytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(SafeTensorsHeader.longest) else {
      throw SafeTensorsError(path, .badHeader("it starts with the header length \(length)"))
    }
    dataStart = 8 + Int(length)
    guard dataStart <= input.size else {
      throw SafeTensorsError(path, .truncated(needed: dataStart, found: input.size))
    }
    header = try SafeTensorsHeader(
      parsing: try Self.bytes(of: input, at: 8..<dataStart, path: path),
      dataSize: input.size - dataStart, path: path)
  }

  /// The names of the tensors, in the order of their data.
  package var names: [String] { header.entries.map(\.name) }

  /// The file's `__metadata__`, in file order.
  package var metadata: [(key: String, text: String)] {
    header.metadata.map { ($0.key, $0.value.string ?? "") }
  }

  /// The shape of a tensor, or nil if the file does not contain it.
  package func shape(of name: String) -> [Int]? { entry(name)?.shape }

  /// The element type of a tensor, or nil if the file does not contain it.
  package func type(of name: String) -> SafeTensorsType? { entry(name)?.type }

  /// Checks that the file contains exactly these tensors with these shapes, apart from those that
  /// `ignoring` accepts.
  ///
  /// - Throws: `SafeTensorsError` naming the first tensor that is missing, has another shape, or is
  ///   unexpected.
  package func require(
    exactly expected: [(name: String, shape: [Int])],
    ignoring isForeign: (String) -> Bool = { _ in false }
  ) throws(SafeTensorsError) {
    for tensor in expected { _ = try entry(tensor.name, shape: tensor.shape) }
    let known = Set(expected.map(\.name))
    for name in names where !known.contains(name) && !isForeign(name) {
      throw SafeTensorsError(path, .unexpected(tensor: name, expected: expected.map(\.name)))
    }
  }

  /// Reads one tensor, converted to `Number`.
  ///
  /// - Parameter shape: the required shape; nil accepts any.
  /// - Throws: `SafeTensorsError` if the tensor is missing, has another shape, has a non-finite
  ///   element, or cannot be read.
  package func tensor<Number: StoredNumber>(
    _ name: String, shape: [Int]? = nil, as number: Number.Type = Number.self
  ) throws(SafeTensorsError) -> NamedTensor<Number> {
    let entry = try entry(name, shape: shape)
    let range = entry.bytes.lowerBound + dataStart..<entry.bytes.upperBound + dataStart
    let values: [Number]
    do throws(FileError) {
      values = try input.numbers(at: range, type: entry.type)
    } catch {
      throw SafeTensorsError(path, .file(error))
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw SafeTensorsError(path, .nonFinite(tensor: name, index: index))
    }
    return NamedTensor(name: name, shape: entry.shape, values: values)
  }

  package func entry(_ name: String) -> SafeTensorsHeader.Entry? {
    header.entries.first { $0.name == name }
  }

  private func entry(
    _ name: String, shape: [Int]?
  ) throws(SafeTensorsError) -> SafeTensorsHeader.Entry {
    guard let entry = entry(name) else {
      throw SafeTensorsError(path, .missing(tensor: name, present: names))
    }
    if let shape, shape != entry.shape {
      throw SafeTensorsError(
        path, .wrongShape(tensor: name, expected: shape, found: entry.shape))
    }
    return entry
  }

  private static func bytes(
    of input: InputFile, at range: Range<Int>, path: String
  ) throws(SafeTensorsError) -> [UInt8] {
    do throws(FileError) {
      return try input.bytes(at: range)
    } catch {
      throw SafeTensorsError(path, .file(error))
    }
  }
}
