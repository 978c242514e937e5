import Testing

@testable import MessagePassing

@Suite struct SummationTreeTests {
  /// All nodes of the tree, from its definition.
  private func nodes(_ range: Range<Int>) -> Set<Range<Int>> {
    guard range.count > 1 else { return [range] }
    var half = 1
    while 2 * half < range.count { half *= 2 }
    let middle = range.lowerBound + half
    return nodes(range.lowerBound..<middle).union(nodes(middle..<range.upperBound))
      .union([range])
  }

  @Test func nodesAreThoseOfTheDefinition() {
    for shards in 1...33 {
      let expected = nodes(0..<shards)
      for lower in 0..<shards {
        for upper in lower + 1...shards {
          let isNode = SummationTree.isNode(lower..<upper, shards: shards)
          #expect(isNode == expected.contains(lower..<upper), "\(lower)..<\(upper) of \(shards)")
        }
      }
    }
  }

  @Test func aRankHasFewPartialSums() {
    for (shards, ranks) in [(1, 1), (8, 3), (40, 7), (375, 5), (1000, 13)] {
      let logarithm = Int.bitWidth - (shards - 1).leadingZeroBitCount
      for index in 0..<ranks {
        let owned = balancedRange(of: shards, parts: ranks, index: index)
        let schedule = SummationTree.schedule(owned.map { $0..<$0 + 1 }, shards: shards)
        #expect(schedule.remaining == SummationTree.largestNodes(inside: owned, shards: shards))
        #expect(schedule.remaining.flatMap { $0 } == owned.map { $0 })
        #expect(schedule.remaining.count <= max(1, 2 * logarithm))
        #expect(schedule.depth <= 2 * logarithm + 1)
        #expect(schedule.additions.reduce(0, +) == owned.count - schedule.remaining.count)
      }
    }
  }

  @Test func powersOfTwoNeedOnePartialSum() {
    for ranks in [1, 2, 4, 8] {
      for index in 0..<ranks {
        let owned = balancedRange(of: 8, parts: ranks, index: index)
        #expect(SummationTree.largestNodes(inside: owned, shards: 8) == [owned])
      }
    }
  }

  @Test func allPartialSumsTogetherMakeTheTotal() {
    for shards in 1...40 {
      for ranks in 1...9 {
        let all = (0..<ranks).flatMap {
          SummationTree.largestNodes(
            inside: balancedRange(of: shards, parts: ranks, index: $0), shards: shards)
        }
        let schedule = SummationTree.schedule(all, shards: shards)
        #expect(schedule.remaining == [0..<shards])
      }
    }
  }
}
