/// The order in which S shards are added: a binary tree that depends on S alone.
///
/// A node over n > 1 shards splits after the largest power of two below n, so every left half is a
/// complete tree and adding the shards one after another needs O(log S) partial sums at a time (a
/// binary counter). Nodes are written as the ranges of their shards.
enum SummationTree {
  /// Where a node splits into its two children; the node has at least two shards.
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

  /// What an adder does: it takes values from left to right on a stack and, after each, replaces the
  /// two topmost by their sum as often as the tree says.
  struct Schedule {
    /// How many additions follow each value.
    var additions: [Int] = []
    /// The nodes on the stack in the end.
    var remaining: [Range<Int>] = []
    /// The most values the stack holds.
    var depth = 0
  }

  /// The schedule for adjacent nodes of the tree over `shards`, from left to right.
  ///
  /// With `keepsLast` nothing is added after the last value: its operands remain on the stack.
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

  /// The largest nodes that lie inside a range of shards, from left to right: at most 2 log₂ S.
  static func largestNodes(inside range: Range<Int>, shards: Int) -> [Range<Int>] {
    schedule(range.map { $0..<$0 + 1 }, shards: shards).remaining
  }

  /// The parent of the two topmost nodes, if they are siblings.
  private static func sumOfTopmost(_ stack: [Range<Int>], shards: Int) -> Range<Int>? {
    guard stack.count >= 2 else { return nil }
    let left = stack[stack.count - 2]
    let right = stack[stack.count - 1]
    let union = left.lowerBound..<right.upperBound
    guard split(union) == left.upperBound, isNode(union, shards: shards) else { return nil }
    return union
  }
}
