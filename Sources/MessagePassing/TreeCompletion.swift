/// Completes a reproducible sum from the partial sums of all ranks.
///
/// Every rank owns a slice of the vector. It receives that slice of every other rank's partial
/// sums, adds them in the tree's order, and shares the result. All addresses are fixed at `init`.
final class TreeCompletion<Element: MessageElement> {
  private let communicator: any Communicator
  private let slice: Range<Int>
  private let sliceLengths: [Int]
  private let sends: [MessageBlock<Element>]
  private let receives: [MessageBlock<Element>]
  /// This slice of all partial sums, in the order of their shards.
  private let operands: [UnsafeMutablePointer<Element>]
  /// The number of additions after each operand.
  private let additions: [Int]
  private let received: UnsafeMutablePointer<Element>
  /// The operands still to be added while a block is summed.
  private let stack: UnsafeMutablePointer<UnsafeMutablePointer<Element>>
  /// Keeps the memory of this rank's operands alive.
  private let partials: PartialSums<Element>

  /// `remaining` are the tree nodes of this rank's partial sums.
  init(
    partials: PartialSums<Element>, remaining: [Range<Int>], shards: Int,
    over communicator: any Communicator
  ) {
    self.communicator = communicator
    self.partials = partials
    let (rank, size) = (communicator.rank, communicator.size)
    let length = partials.length
    let slices = (0..<size).map { balancedRange(of: length, parts: size, index: $0) }
    let slice = slices[rank]
    self.slice = slice
    sliceLengths = slices.map(\.count)

    let nodes: [[Range<Int>]] = (0..<size).map { peer in
      if peer == rank { return remaining }
      let owned = balancedRange(of: shards, parts: size, index: peer)
      return SummationTree.largestNodes(inside: owned, shards: shards)
    }
    let foreign = nodes.indices.reduce(0) { $0 + ($1 == rank ? 0 : nodes[$1].count) }
    received = VectorMemory.allocate(max(1, foreign * slice.count))

    var operands: [UnsafeMutablePointer<Element>] = []
    var receives: [MessageBlock<Element>] = []
    var next = received
    for peer in 0..<size {
      for position in nodes[peer].indices {
        guard peer != rank else {
          operands.append(partials.vector(position) + slice.lowerBound)
          continue
        }
        operands.append(next)
        if !slice.isEmpty {
          receives.append(MessageBlock(start: next, count: slice.count, peer: peer))
        }
        next += slice.count
      }
    }
    self.operands = operands
    self.receives = receives
    // Each rank starts with its right neighbour, so that not all send to rank 0 first.
    sends = (1..<max(1, size)).flatMap { step -> [MessageBlock<Element>] in
      let peer = (rank + step) % size
      guard !slices[peer].isEmpty else { return [] }
      return remaining.indices.map { position in
        MessageBlock(
          start: partials.vector(position) + slices[peer].lowerBound, count: slices[peer].count,
          peer: peer)
      }
    }
    additions = SummationTree.schedule(nodes.flatMap { $0 }, shards: shards).additions
    stack = .allocate(capacity: operands.count)
  }

  deinit {
    VectorMemory.free(received)
    stack.deallocate()
  }

  /// A collective; overwrites the partial sums.
  func finish(into result: UnsafeMutableBufferPointer<Element>) {
    guard let target = result.baseAddress, !result.isEmpty else { return }
    if communicator.size > 1 { communicator.exchange(sends: sends, receives: receives) }
    // In blocks that stay in the L1 cache through the whole tree.
    let blockLength = 2048
    for start in stride(from: 0, to: slice.count, by: blockLength) {
      addBlock(
        at: start, count: min(blockLength, slice.count - start),
        into: target + slice.lowerBound + start)
    }
    if communicator.size > 1 { communicator.allgatherVariable(result, counts: sliceLengths) }
  }

  /// Adds the operands' elements `start..<start + count`; the last addition writes to `target`.
  private func addBlock(at start: Int, count: Int, into target: UnsafeMutablePointer<Element>) {
    guard operands.count > 1 else {
      target.update(from: operands[0] + start, count: count)
      return
    }
    var top = 0
    var left = operands.count - 1
    for (operand, additions) in zip(operands, additions) {
      (stack + top).initialize(to: operand + start)
      top += 1
      for _ in 0..<additions {
        top -= 1
        left -= 1
        if left == 0 {
          Element.sum(stack[top - 1], stack[top], into: target, count: count)
        } else {
          Element.add(stack[top], to: stack[top - 1], count: count)
        }
      }
    }
  }
}
