/// Memory for the long vectors of a sum.
///
/// The only thing that differs for simulated ranks: hundreds of them share one machine's memory, so
/// `Simulation/FoldedVectorMemory.swift` replaces this file for them.
enum VectorMemory {
  /// Allocates zeros aligned to a cache line.
  static func allocate<Element: MessageElement>(_ count: Int) -> UnsafeMutablePointer<Element> {
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
    let pointer = raw.bindMemory(to: Element.self, capacity: count)
    pointer.initialize(repeating: 0, count: count)
    return pointer
  }

  /// Deallocates them.
  static func free<Element: MessageElement>(_ pointer: UnsafeMutablePointer<Element>) {
    UnsafeMutableRawPointer(pointer).deallocate()
  }
}
