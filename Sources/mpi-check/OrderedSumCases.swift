import MessagePassing

/// The sum has the same bits as the serial tree, for many numbers of shards and lengths.
func checkOrderedSum(_ test: MessagePassingCase) {
  for shards in 1...40 {
    for length in [1, 5, 67] {
      checkTree(test, Float.self, shards: shards, length: length)
      checkTree(test, Double.self, shards: shards, length: length)
    }
  }
  // Longer than the blocks in which slices are added, on any number of ranks.
  for shards in [1, 2, 7, 8, 24] {
    checkTree(test, Float.self, shards: shards, length: 18_001)
  }
  checkTree(test, Double.self, shards: 375, length: 11)
  checkTree(test, Float.self, shards: 6, length: 0)
  checkTree(test, Int64.self, shards: 9, length: 10)
}

/// Plain allreduce: close to the tree's sum, and the same on all ranks.
func checkOrderedAllreduce(_ test: MessagePassingCase) {
  for shards in [1, 2, 3, 8, 40] {
    let length = 67
    let sum = OrderedSum<Double>(
      shards: shards, length: length, over: test.world, mode: .allreduce)
    for round in 0..<2 {
      let total = evaluate(sum, round: round)
      for index in 0..<length {
        let terms = (0..<shards).map { shardValue(Double.self, $0, index, round) }
        // Each of at most `shards` additions rounds by half an ulp of a partial sum, which is at
        // most the sum of the absolute values.
        let bound = terms.reduce(0) { $0 + abs($1) } * Double(shards) * Double.ulpOfOne
        let error = abs(total[index] - tree(Double.self, 0, shards, index, round))
        test.expect(error <= bound, "S=\(shards) [\(index)]: off by \(error)")
      }
      let bits = test.world.broadcast(total.map { Int64(bitPattern: $0.bitPattern) })
      test.expect(
        bits == total.map { Int64(bitPattern: $0.bitPattern) }, "S=\(shards): ranks differ")
    }
  }
}

private func checkTree<E: MessageElement>(
  _ test: MessagePassingCase, _ type: E.Type, shards: Int, length: Int
) {
  let sum = OrderedSum<E>(shards: shards, length: length, over: test.world)
  // Twice: no state of a sum may leak into the next.
  for round in 0..<2 {
    let total = evaluate(sum, round: round)
    let expected = (0..<length).map { tree(type, 0, shards, $0, round) }
    let same = zip(total, expected).allSatisfy { bits($0) == bits($1) }
    test.expect(same, "\(type) S=\(shards) length=\(length) round=\(round)")
  }
}

private func evaluate<E: MessageElement>(_ sum: OrderedSum<E>, round: Int) -> [E] {
  var total = [E](repeating: 0, count: sum.length)
  sum.begin()
  for shard in sum.ownedShards {
    let slot = sum.slot()
    for index in slot.indices { slot[index] = shardValue(E.self, shard, index, round) }
    sum.commit()
  }
  total.withUnsafeMutableBufferPointer { sum.finish(into: $0) }
  return total
}

/// The definition: split after the largest power of two below the number of shards.
private func tree<E: MessageElement>(
  _ type: E.Type, _ lower: Int, _ upper: Int, _ index: Int, _ round: Int
) -> E {
  guard upper - lower > 1 else { return shardValue(type, lower, index, round) }
  var half = 1
  while 2 * half < upper - lower { half *= 2 }
  return tree(type, lower, lower + half, index, round)
    + tree(type, lower + half, upper, index, round)
}

/// Numbers of mixed sign over five orders of magnitude, so that another order gives different bits.
private func shardValue<E: MessageElement>(
  _: E.Type, _ shard: Int, _ index: Int, _ round: Int
) -> E {
  var state = UInt64(truncatingIfNeeded: shard * 1_000_003 + index * 101 + round + 1)
  state = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
  state = (state ^ (state >> 27)) &* 0x94d0_49bb_1331_11eb
  state ^= state >> 31
  let mantissa = Int(state & 0xffffff) - 0x800000
  if E.self == Float.self || E.self == Double.self {
    let scale = [1.0, 0.1, 1e-2, 1e-3, 1e3][Int((state >> 32) % 5)]
    let number = Double(mantissa) * scale
    if E.self == Float.self { return (Float(number) as? E) ?? 0 }
    return (number as? E) ?? 0
  }
  return E(exactly: mantissa) ?? 0
}

private func bits<E>(_ number: E) -> UInt64 {
  switch number {
  case let number as Float: UInt64(number.bitPattern)
  case let number as Double: number.bitPattern
  case let number as Int64: UInt64(bitPattern: number)
  default: .max
  }
}
