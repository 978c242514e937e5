/// A block of numbers of fixed length, aligned to 128 bytes, that lives as long as its references.
///
/// This is the one door to raw memory: every kernel takes the pointers of a `Buffer`, and nothing
/// else in the package allocates numbers by hand. A buffer belongs to one rank's main thread.
public final class Buffer<Number: Scalar> {
  /// How many numbers the buffer holds.
  public let count: Int
  /// The first number; valid as long as the buffer is referenced.
  public let pointer: UnsafeMutablePointer<Number>

  /// Allocates `count` numbers, all zero.
  public init(count: Int) {
    precondition(count >= 0, "a buffer cannot hold \(count) numbers")
    self.count = count
    let bytes = max(1, count) * MemoryLayout<Number>.stride
    // 128 bytes past the end may be touched by vector loads; never by stores.
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes + 128, alignment: 128)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes + 128)
    pointer = raw.bindMemory(to: Number.self, capacity: max(1, count))
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// All numbers of the buffer.
  public var elements: UnsafeMutableBufferPointer<Number> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }
}
