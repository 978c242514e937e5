import Glibc

/// A block of numbers of fixed length, aligned to 128 bytes, that lives as long as its references.
///
/// This is the one door to raw memory: every kernel takes the pointers of a `Buffer`, and nothing
/// else in the package allocates numbers by hand. A buffer belongs to one rank's main thread.
///
/// Large buffers ask for large pages (`madvise`, where the system offers them): the numbers of a
/// shard are spread over tens of megabytes, more than the processor's table of small pages covers.
public final class Buffer<Number: Scalar> {
  /// How many numbers the buffer holds.
  public let count: Int
  /// The first number; valid as long as the buffer is referenced.
  public let pointer: UnsafeMutablePointer<Number>

  /// Allocates `count` numbers, all zero.
  public init(count: Int) {
    precondition(count >= 0, "a buffer cannot hold \(count) numbers")
    self.count = count
    // 128 bytes past the end may be touched by vector loads; never by stores.
    let bytes = max(1, count).multipliedOrMost(by: MemoryLayout<Number>.stride) + 128
    let isLarge = bytes >= LargePages.size
    let raw = MemoryShortage.allocate(
      bytes: bytes, alignment: isLarge ? LargePages.size : 128)
    if isLarge { LargePages.request(raw, bytes: bytes) }
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    pointer = raw.bindMemory(to: Number.self, capacity: max(1, count))
  }

  deinit { free(pointer) }

  /// All numbers of the buffer.
  public var elements: UnsafeMutableBufferPointer<Number> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }
}

extension Int {
  /// The product, or far more than there is memory for.
  fileprivate func multipliedOrMost(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? Int.max / 2 : Swift.min(product, Int.max / 2)
  }
}

/// The pages that memory is made of, where the processor has larger ones than the usual.
enum LargePages {
  /// Bytes of a large page on x86-64, and on ARM with small pages of 4 KiB.
  static let size = 2 << 20

  /// Asks for large pages for the whole ones among `bytes` from an aligned address on.
  ///
  /// A wish only: a kernel without such pages refuses, and nothing but speed is lost.
  static func request(_ address: UnsafeMutableRawPointer, bytes: Int) {
    _ = madvise(address, bytes / size * size, Int32(MADV_HUGEPAGE))
  }
}
