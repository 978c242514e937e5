/// How the shards' vectors are summed over all ranks.
public enum SummationMode: String, CaseIterable, Codable, Sendable {
  /// Along a tree that depends only on the number of shards: bitwise identical on any number of
  /// ranks.
  case reproducible
  /// Shard by shard on each rank, then `MPI_Allreduce`: reproducible only on the same number of
  /// ranks.
  case allreduce
}

/// The sum of one vector per shard over all ranks of a group, reused from step to step.
///
/// Each rank owns a contiguous range of the shards. For each of them in order, it writes a vector
/// of `length` elements into ``slot()`` and calls ``commit()``; ``finish(into:)`` gives every rank
/// the total:
///
///     sum.begin()
///     for shard in sum.ownedShards {
///       gradient(of: shard, into: sum.slot())
///       sum.commit()
///     }
///     sum.finish(into: total)
///
/// In the mode `.reproducible` the additions follow ``SummationTree``. A rank sums the subtrees
/// that lie within its range; the partial sums are sent slice by slice to slice owners, which
/// complete the tree; then the slices are gathered. Traffic per rank: about 2 · `length` elements,
/// as for a ring allreduce.
///
/// Append other values per shard (loss, number of correct predictions) to the vector, or give them
/// a second, short `OrderedSum<Double>`: either way they follow the same tree.
///
/// Memory: O(log S) vectors and this rank's slice of the others' partial sums, allocated once.
public final class OrderedSum<Element: MessageElement> {
  /// S, the number of vectors to sum.
  public let shards: Int
  /// The number of elements in a vector.
  public let length: Int
  /// The order of summation.
  public let mode: SummationMode
  /// The shards whose vectors this rank supplies; empty on the last ranks if there are fewer shards
  /// than ranks.
  public let ownedShards: Range<Int>

  private let communicator: any Communicator
  private let partials: PartialSums<Element>
  private let completion: TreeCompletion<Element>?
  private var isOpen = false

  /// Creates a sum of `shards` vectors of `length` elements; pass the same arguments on every rank.
  public init(
    shards: Int, length: Int, over communicator: any Communicator,
    mode: SummationMode = .reproducible
  ) {
    precondition(shards >= 1, "a sum of \(shards) shards")
    precondition(length >= 0, "a sum of vectors of \(length) numbers")
    self.shards = shards
    self.length = length
    self.mode = mode
    self.communicator = communicator
    let owned = balancedRange(of: shards, parts: communicator.size, index: communicator.rank)
    ownedShards = owned
    switch mode {
    case .reproducible:
      // With a single rank, `finish` does the last additions and writes them directly to the
      // result.
      let schedule = SummationTree.schedule(
        owned.map { $0..<$0 + 1 }, shards: shards, keepsLast: communicator.size == 1)
      partials = PartialSums(schedule: schedule, length: length)
      completion = TreeCompletion(
        partials: partials, remaining: schedule.remaining, shards: shards, over: communicator)
    case .allreduce:
      partials = PartialSums(runningSumOf: owned.count, length: length)
      completion = nil
    }
  }

  /// Starts a new sum.
  public func begin() {
    partials.reset()
    isOpen = true
  }

  /// The buffer for the vector of the next owned shard; its contents are undefined.
  public func slot() -> UnsafeMutableBufferPointer<Element> {
    precondition(isOpen, "slot() before begin()")
    return partials.slot()
  }

  /// Adds the vector that was written into the last ``slot()``.
  public func commit() {
    precondition(isOpen, "commit() before begin()")
    partials.commit()
  }

  /// Writes the total to `result` on every rank; a collective.
  public func finish(into result: UnsafeMutableBufferPointer<Element>) {
    precondition(result.count == length, "\(result.count) numbers for a sum of \(length)")
    precondition(isOpen, "finish() before begin()")
    precondition(
      partials.committed == ownedShards.count,
      "\(partials.committed) of \(ownedShards.count) owned shards were committed")
    isOpen = false
    if let completion {
      completion.finish(into: result)
    } else {
      if ownedShards.isEmpty { partials.clear() }
      communicator.allreduce(
        UnsafeBufferPointer(start: partials.vector(0), count: length), into: result, .sum)
    }
  }
}
