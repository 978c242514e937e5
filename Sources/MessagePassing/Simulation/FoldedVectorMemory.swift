import CMPI

/// Memory for the long vectors of a simulated rank's sums.
///
/// They have distinct addresses but share a few pages of memory: their contents are meaningless.
enum VectorMemory {
  /// Allocates elements aligned to a cache line.
  static func allocate<Element: MessageElement>(_ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    guard let raw = cmpi_simulated_memory(bytes) else {
      fatalError("no address space for \(bytes) bytes of simulated memory")
    }
    return raw.bindMemory(to: Element.self, capacity: count)
  }

  /// Deallocates them.
  static func free<Element: MessageElement>(_ pointer: UnsafeMutablePointer<Element>) {
    cmpi_free_simulated_memory(pointer)
  }
}
