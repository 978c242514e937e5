import CMPI

/// Where the long vectors of a simulated rank's sums lie.
///
/// They have addresses of their own but share a few pages of memory: their numbers mean nothing.
enum VectorMemory {
  /// Numbers that start on a cache line.
  static func allocate<Element: MessageElement>(_ count: Int) -> UnsafeMutablePointer<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    guard let raw = cmpi_simulated_memory(bytes) else {
      fatalError("no address space for \(bytes) bytes of simulated memory")
    }
    return raw.bindMemory(to: Element.self, capacity: count)
  }

  /// The end of them.
  static func free<Element: MessageElement>(_ pointer: UnsafeMutablePointer<Element>) {
    cmpi_free_simulated_memory(pointer)
  }
}
