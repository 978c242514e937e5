/// One rank's part of an ordered sum: a stack of vectors, added according to a schedule.
final class PartialSums<Element: MessageElement> {
  let length: Int
  private(set) var committed = 0

  private let additions: [Int]
  private let stride: Int
  private let storage: UnsafeMutablePointer<Element>
  private let depth: Int
  private var top = 0

  /// Adds vectors along the tree.
  init(schedule: SummationTree.Schedule, length: Int) {
    additions = schedule.additions
    depth = schedule.depth
    self.length = length
    (storage, stride) = Self.allocate(vectors: depth, length: length)
  }

  /// Adds `count` vectors one after another.
  init(runningSumOf count: Int, length: Int) {
    additions = (0..<count).map { $0 == 0 ? 0 : 1 }
    depth = max(1, min(2, count))
    self.length = length
    (storage, stride) = Self.allocate(vectors: depth, length: length)
  }

  deinit { VectorMemory.free(storage) }

  /// Allocates vectors aligned to cache lines.
  private static func allocate(
    vectors: Int, length: Int
  ) -> (UnsafeMutablePointer<Element>, stride: Int) {
    let line = 64 / MemoryLayout<Element>.stride
    let stride = (length + line - 1) / line * line
    return (VectorMemory.allocate(max(1, vectors * stride)), stride)
  }

  /// The vector at a stack position, 0 at the bottom.
  func vector(_ position: Int) -> UnsafeMutablePointer<Element> { storage + position * stride }

  func reset() {
    committed = 0
    top = 0
  }

  func clear() { storage.update(repeating: 0, count: length) }

  func slot() -> UnsafeMutableBufferPointer<Element> {
    precondition(committed < additions.count, "all \(committed) owned shards are committed")
    return UnsafeMutableBufferPointer(start: vector(top), count: length)
  }

  func commit() {
    precondition(committed < additions.count, "all \(committed) owned shards are committed")
    top += 1
    for _ in 0..<additions[committed] {
      Element.add(vector(top - 1), to: vector(top - 2), count: length)
      top -= 1
    }
    committed += 1
  }
}
