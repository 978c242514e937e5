import Glibc

/// A fixed-length block of elements, aligned to 128 bytes, that lives as long as its references.
///
/// All raw memory comes from here: every kernel takes the pointers of a `Buffer`, and nothing else
/// in the package allocates element storage by hand. A buffer belongs to one rank's main thread.
///
/// Large buffers request huge pages (`madvise`, where the system offers them): a shard's elements
/// span tens of megabytes, more than the processor's TLB covers with small pages.
public final class Buffer<Number: Scalar> {
  /// The number of elements.
  public let count: Int
  /// The first element; valid as long as the buffer is referenced.
  public let pointer: UnsafeMutablePointer<Number>

  /// Allocates `count` elements, all zero.
  public init(count: Int) {
    precondition(count >= 0, "a buffer cannot hold \(count) numbers")
    self.count = count
    // Vector loads may read up to 128 bytes past the end; stores never write there.
    let bytes = max(1, count).multipliedOrMost(by: MemoryLayout<Number>.stride) + 128
    let isLarge = bytes >= LargePages.size
    let raw = MemoryShortage.allocate(
      bytes: bytes, alignment: isLarge ? LargePages.size : 128)
    if isLarge { LargePages.request(raw, bytes: bytes) }
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    pointer = raw.bindMemory(to: Number.self, capacity: max(1, count))
  }

  deinit { free(pointer) }

  /// All elements of the buffer.
  public var elements: UnsafeMutableBufferPointer<Number> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }
}

extension Int {
  /// The product, saturated far above any available memory.
  fileprivate func multipliedOrMost(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? Int.max / 2 : Swift.min(product, Int.max / 2)
  }
}

/// Huge pages, where the processor has them.
enum LargePages {
  /// Bytes per huge page on x86-64, and on ARM with small pages of 4 KiB.
  static let size = 2 << 20

  /// Requests huge pages for those that lie entirely within `bytes` from an aligned address.
  ///
  /// Only a hint: a kernel without huge pages refuses, which costs nothing but speed.
  static func request(_ address: UnsafeMutableRawPointer, bytes: Int) {
    _ = madvise(address, bytes / size * size, Int32(MADV_HUGEPAGE))
  }
}
