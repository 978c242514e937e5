/// Bytes in memory that are shared and never change once they are filled.
///
/// Aligned for every type of number, which the bytes of an array of Swift's are not said to be.
final class ByteBlock: @unchecked Sendable {
  /// All bytes.
  let bytes: UnsafeMutableRawBufferPointer

  /// Uninitialised bytes.
  init(count: Int) {
    bytes = .allocate(byteCount: max(1, count), alignment: 64)
  }

  deinit { bytes.deallocate() }

  /// The numbers of an array.
  convenience init<Number: BitwiseCopyable>(_ numbers: [Number]) {
    self.init(count: numbers.count * MemoryLayout<Number>.stride)
    numbers.withUnsafeBytes { source in
      if source.count > 0 { bytes.copyMemory(from: source) }
    }
  }
}
