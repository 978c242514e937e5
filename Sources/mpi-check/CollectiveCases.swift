import MessagePassing

/// Compares every collective, for every element type, with a local computation on each rank.
func checkCollectives(_ test: MessagePassingCase) {
  checkCollectives(test, Float.self)
  checkCollectives(test, Double.self)
  checkCollectives(test, Int32.self)
  checkCollectives(test, Int64.self)
  checkCollectives(test, UInt8.self)
  checkText(test)
  checkArrays(test)
}

/// The same with messages split into calls of a few elements, like all later ones.
func checkChunks(_ test: MessagePassingCase) {
  for largest in [1, 3, 7] {
    MPICommunicator.setLargestCount(largest)
    checkCollectives(test)
  }
}

/// The value of rank `rank` at `index`: small, so that sums over 8 ranks fit in `UInt8`.
private func value<E: MessageElement>(_ rank: Int, _ index: Int, _: E.Type) -> E {
  E(exactly: (rank * 7 + index * 3) % 23 + 1) ?? 0
}

private func checkCollectives<E: MessageElement>(_ test: MessagePassingCase, _ type: E.Type) {
  for count in [0, 1, 5, 100] {
    checkBroadcast(test, type, count: count)
    checkReductions(test, type, count: count)
    checkNeighbours(test, type, count: count)
  }
  checkUnevenGathers(test, type)
  checkExchange(test, type)
}

private func own<E: MessageElement>(_ rank: Int, count: Int, _ type: E.Type) -> [E] {
  (0..<count).map { value(rank, $0, type) }
}

private func checkBroadcast<E: MessageElement>(
  _ test: MessagePassingCase, _ type: E.Type, count: Int
) {
  for root in 0..<test.size {
    var values = own(test.rank, count: count, type)
    values.withUnsafeMutableBufferPointer { test.world.broadcast($0, root: root) }
    test.expect(values == own(root, count: count, type), "\(type) broadcast \(count) from \(root)")
  }
}

private func checkReductions<E: MessageElement>(
  _ test: MessagePassingCase, _ type: E.Type, count: Int
) {
  for operation in ReductionOperation.allCases {
    let expected = (0..<count).map { index -> E in
      let all = (0..<test.size).map { value($0, index, type) }
      switch operation {
      case .sum: return all.reduce(0, +)
      case .maximum: return all.max() ?? 0
      case .minimum: return all.min() ?? 0
      }
    }
    let mine = own(test.rank, count: count, type)
    var inPlace = mine
    inPlace.withUnsafeMutableBufferPointer { test.world.allreduce($0, operation) }
    test.expect(inPlace == expected, "\(type) allreduce \(operation) \(count)")

    var result = [E](repeating: 0, count: count)
    mine.withUnsafeBufferPointer { values in
      result.withUnsafeMutableBufferPointer { test.world.allreduce(values, into: $0, operation) }
    }
    test.expect(result == expected, "\(type) allreduce into \(operation) \(count)")

    for root in 0..<test.size {
      var values = mine
      values.withUnsafeMutableBufferPointer { test.world.reduce($0, operation, root: root) }
      test.expect(
        values == (test.rank == root ? expected : mine),
        "\(type) reduce \(operation) \(count) to \(root)")
    }
  }
}

private func checkNeighbours<E: MessageElement>(
  _ test: MessagePassingCase, _ type: E.Type, count: Int
) {
  // A chain, rank by rank: what arrives from the left, plus one, is sent to the right.
  var values = [E](repeating: 0, count: count)
  if test.rank > 0 {
    values.withUnsafeMutableBufferPointer { test.world.receive($0, from: test.rank - 1) }
    values = values.map { $0 + 1 }
  }
  if test.rank + 1 < test.size {
    values.withUnsafeBufferPointer { test.world.send($0, to: test.rank + 1) }
  }
  test.expect(
    values.allSatisfy { $0 == E(exactly: test.rank) }, "\(type) chain of \(count)")
}

private func checkUnevenGathers<E: MessageElement>(_ test: MessagePassingCase, _ type: E.Type) {
  // Some ranks have no values at all.
  for counts in [
    (0..<test.size).map { $0 * 3 }, (0..<test.size).map { $0 == 0 ? 5 : 0 },
    (0..<test.size).map { _ in 2 }, (0..<test.size).map { _ in 0 },
  ] {
    let mine = own(test.rank, count: counts[test.rank], type)
    let expected = counts.indices.flatMap { own($0, count: counts[$0], type) }
    for root in 0..<test.size {
      var result = [E](repeating: 0, count: test.rank == root ? expected.count : 0)
      mine.withUnsafeBufferPointer { values in
        result.withUnsafeMutableBufferPointer {
          test.world.gatherVariable(values, counts: counts, into: $0, root: root)
        }
      }
      test.expect(
        result == (test.rank == root ? expected : []), "\(type) gather \(counts) to \(root)")
    }
    let start = counts[..<test.rank].reduce(0, +)
    var all = [E](repeating: 0, count: expected.count)
    all.replaceSubrange(start..<start + mine.count, with: mine)
    all.withUnsafeMutableBufferPointer { test.world.allgatherVariable($0, counts: counts) }
    test.expect(all == expected, "\(type) allgather \(counts)")
  }
}

private func checkExchange<E: MessageElement>(_ test: MessagePassingCase, _ type: E.Type) {
  // Every rank r sends r + p + 1 numbers to every rank p, including itself, in two blocks.
  let (rank, size) = (test.rank, test.size)
  var outgoing = (0..<size).map { own(rank + $0, count: rank + $0 + 1, type) }
  var incoming = (0..<size).map { [E](repeating: 0, count: rank + $0 + 1) }
  let flatOut = outgoing.flatMap { $0 }
  outgoing = []
  let memory = UnsafeMutablePointer<E>.allocate(capacity: 2 * flatOut.count)
  defer { memory.deallocate() }
  memory.initialize(repeating: 0, count: 2 * flatOut.count)
  for (index, element) in flatOut.enumerated() { memory[index] = element }
  func blocks(at start: UnsafeMutablePointer<E>) -> [MessageBlock<E>] {
    var next = start
    return (0..<size).flatMap { peer -> [MessageBlock<E>] in
      let counts = [1, rank + peer]
      return counts.map { count in
        defer { next += count }
        return MessageBlock(start: next, count: count, peer: peer)
      }
    }
  }
  test.world.exchange(
    sends: blocks(at: memory), receives: blocks(at: memory + flatOut.count))
  var next = memory + flatOut.count
  for peer in 0..<size {
    for index in incoming[peer].indices { incoming[peer][index] = next[index] }
    next += incoming[peer].count
    test.expect(
      incoming[peer] == own(rank + peer, count: rank + peer + 1, type),
      "\(type) exchange with \(peer)")
  }
}

private func checkText(_ test: MessagePassingCase) {
  for root in 0..<test.size {
    let mine = test.rank == root ? "method: glocal\nθ: \(root)\n" : "?"
    test.expect(
      test.world.broadcast(text: mine, root: root) == "method: glocal\nθ: \(root)\n", "text")
    test.expect(test.world.broadcast(text: "", root: root).isEmpty, "empty text")
  }
}

private func checkArrays(_ test: MessagePassingCase) {
  let (rank, size) = (test.rank, test.size)
  test.expect(test.world.agree(true), "all agree")
  for other in 0..<size { test.expect(!test.world.agree(rank != other), "\(other) disagrees") }
  test.expect(test.world.allgather(Int64(rank)) == (0..<Int64(size)).map { $0 }, "allgather")
  let mine = [Double](repeating: Double(rank), count: rank)
  let expected = (0..<size).map { [Double](repeating: Double($0), count: $0) }
  test.expect(test.world.allgatherVariable(mine) == expected.flatMap { $0 }, "allgather arrays")
  let gathered = test.world.gatherVariable(mine, root: size - 1)
  test.expect(gathered == (rank == size - 1 ? expected : nil), "gather arrays")
  test.expect(test.world.allreduceMaximum(Float(rank)) == Float(size - 1), "maximum")
  test.expect(test.world.allreduceMinimum(Int32(-rank)) == Int32(1 - size), "minimum")
  test.expect(test.world.allreduceSum(Int64(rank)) == Int64(size * (size - 1) / 2), "sum")
  test.expect(
    test.world.broadcast([Float(rank), 2], root: size - 1) == [Float(size - 1), 2], "array")
  var all = [Int32](repeating: 0, count: rank == 0 ? 2 * size : 0)
  [Int32(rank), 1].withUnsafeBufferPointer { values in
    all.withUnsafeMutableBufferPointer { test.world.gather(values, into: $0) }
  }
  test.expect(all == (rank == 0 ? (0..<Int32(size)).flatMap { [$0, 1] } : []), "gather")
  test.world.barrier()
}
