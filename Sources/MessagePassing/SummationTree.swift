/// The order in which S shards are added: a binary tree that depends only on S.
///
/// A node over n > 1 shards splits after the largest power of two below n, so every left half is a
/// complete tree and adding the shards one by one needs O(log S) partial sums at a time (a binary
/// counter). Nodes are represented by their ranges of shards.
enum SummationTree {
  /// Where a node splits into its two children; the node must have at least two shards.
  static func split(_ node: Range<Int>) -> Int {
    var half = 1
    while 2 * half < node.count { half *= 2 }
    return node.lowerBound + half
  }

  /// Whether a range of shards is a node of the tree over `shards`.
  static func isNode(_ range: Range<Int>, shards: Int) -> Bool {
    var node = 0..<shards
    while node != range {
      guard node.count > 1 else { return false }
      let middle = split(node)
      if range.upperBound <= middle {
        node = node.lowerBound..<middle
      } else if range.lowerBound >= middle {
        node = middle..<node.upperBound
      } else {
        return false
      }
    }
    return true
  }

  /// The additions of a stack machine: it pushes values from left to right and, after each,
  /// replaces the top two by their sum as often as the tree requires.
  struct Schedule {
    /// The number of additions after each value.
    var additions: [Int] = []
    /// The nodes left on the stack at the end.
    var remaining: [Range<Int>] = []
    /// The maximum number of values on the stack.
    var depth = 0
  }

  /// The schedule for adjacent nodes of the tree over `shards`, from left to right.
  ///
  /// With `keepsLast` nothing is added after the last value, so its operands remain on the stack.
  static func schedule(
    _ nodes: [Range<Int>], shards: Int, keepsLast: Bool = false
  ) -> Schedule {
    var schedule = Schedule()
    for (index, node) in nodes.enumerated() {
      schedule.remaining.append(node)
      schedule.depth = max(schedule.depth, schedule.remaining.count)
      var additions = 0
      while !(keepsLast && index == nodes.count - 1),
        let sum = sumOfTopmost(schedule.remaining, shards: shards)
      {
        schedule.remaining.removeLast(2)
        schedule.remaining.append(sum)
        additions += 1
      }
      schedule.additions.append(additions)
    }
    return schedule
  }

  /// The largest nodes within a range of shards, from left to right: at most 2 log₂ S.
  static func largestNodes(inside range: Range<Int>, shards: Int) -> [Range<Int>] {
    schedule(range.map { $0..<$0 + 1 }, shards: shards).remaining
  }

  /// The parent of the top two nodes, if they are siblings.
  private static func sumOfTopmost(_ stack: [Range<Int>], shards: Int) -> Range<Int>? {
    guard stack.count >= 2 else { return nil }
    let left = stack[stack.count - 2]
    let right = stack[stack.count - 1]
    let union = left.lowerBound..<right.upperBound
    guard split(union) == left.upperBound, isNode(union, shards: shards) else { return nil }
    return union
  }
}
