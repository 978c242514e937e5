/// An element type that tensors are read into and written from: `Float` or `Double`.
package typealias StoredNumber = BinaryFloatingPoint & BitwiseCopyable & Sendable

extension InputFile {
  /// The elements of a range, converted; read straight into the result if the types match.
  package func numbers<Number: StoredNumber>(
    at range: Range<Int>, type: SafeTensorsType
  ) throws(FileError) -> [Number] {
    if type == .float64 && Number.self == Double.self
      || type == .float32 && Number.self == Float.self
    {
      return try filled(count: range.count / type.size) {
        (bytes: UnsafeMutableRawBufferPointer) throws(FileError) in
        try self.read(range.lowerBound, into: bytes)
      }
    }
    var result: [Number] = []
    result.reserveCapacity(range.count / type.size)
    // Converted in chunks, so that the file's bytes are never all in memory.
    let step = 1 << 16
    for start in stride(from: range.lowerBound, to: range.upperBound, by: step) {
      let piece = try bytes(at: start..<min(start + step, range.upperBound))
      piece.withUnsafeBytes { Self.convert($0, type: type, appendingTo: &result) }
    }
    return result
  }

  private static func convert<Number: StoredNumber>(
    _ bytes: UnsafeRawBufferPointer, type: SafeTensorsType, appendingTo result: inout [Number]
  ) {
    for offset in stride(from: 0, to: bytes.count, by: type.size) {
      switch type {
      case .float64:
        result.append(Number(bytes.loadUnaligned(fromByteOffset: offset, as: Double.self)))
      case .float32:
        result.append(Number(bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)))
      case .float16:
        result.append(Number(bytes.loadUnaligned(fromByteOffset: offset, as: Float16.self)))
      case .bfloat16:
        // The upper half of a Float's bits.
        let bits = UInt32(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) << 16
        result.append(Number(Float(bitPattern: bits)))
      default:
        preconditionFailure("integers (\(type.rawValue)) are no parameters")
      }
    }
  }
}
