/// Where the long vectors of a sum lie.
///
/// The one thing that simulated ranks do otherwise: hundreds of them are in one machine's memory, so
/// `Simulation/FoldedVectorMemory.swift` then stands in for this file.
enum VectorMemory {
  /// Zeros that start on a cache line.
  static func allocate<Element: MessageElement>(_ count: Int) -> UnsafeMutablePointer<Element> {
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Element>.stride, alignment: 64)
    let pointer = raw.bindMemory(to: Element.self, capacity: count)
    pointer.initialize(repeating: 0, count: count)
    return pointer
  }

  /// The end of them.
  static func free<Element: MessageElement>(_ pointer: UnsafeMutablePointer<Element>) {
    UnsafeMutableRawPointer(pointer).deallocate()
  }
}
