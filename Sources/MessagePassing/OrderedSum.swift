/// How the shards' values of all ranks are added.
public enum SummationMode: String, CaseIterable, Codable, Sendable {
  /// Along a tree that depends on the number of shards alone: the same bits on any number of ranks.
  case reproducible
  /// Shard after shard on each rank, then `MPI_Allreduce`: the same bits on one number of ranks only.
  case allreduce
}

/// The sum of one vector per shard over all ranks of a group, reused from step to step.
///
/// Each rank owns a contiguous range of the shards and, for each in order, writes a vector of `length`
/// numbers into ``slot()`` and calls ``commit()``; ``finish(into:)`` gives every rank the total:
///
///     sum.begin()
///     for shard in sum.ownedShards {
///       gradient(of: shard, into: sum.slot())
///       sum.commit()
///     }
///     sum.finish(into: total)
///
/// In the mode `.reproducible` the additions follow ``SummationTree``. A rank adds up the subtrees that
/// lie inside its range; the partial sums travel slice-wise to slice owners, who finish the tree; the
/// slices are gathered again. Traffic per rank: about 2 · `length` numbers, as for a ring allreduce.
///
/// Numbers that belong to the same shards (loss, count of correct answers) are best appended to the
/// vector, or get a second, short `OrderedSum<Double>`: either way they follow the same tree.
///
/// Memory: O(log S) vectors and this rank's slice of the others' partial sums, allocated once.
public final class OrderedSum<Element: MessageElement> {
  /// S, the number of vectors to be added.
  public let shards: Int
  /// How many numbers a vector has.
  public let length: Int
  /// How they are added.
  public let mode: SummationMode
  /// The shards whose vectors this rank supplies; empty on the last ranks if there are more than shards.
  public let ownedShards: Range<Int>

  private let communicator: any Communicator
  private let partials: PartialSums<Element>
  private let completion: TreeCompletion<Element>?
  private var isOpen = false

  /// A sum of `shards` vectors of `length` numbers; the same arguments on every rank of the group.
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
      // One rank leaves its last additions to `finish`, which writes them to where they are wanted.
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

  /// Where the vector of the next owned shard is to be written; its contents are undefined.
  public func slot() -> UnsafeMutableBufferPointer<Element> {
    precondition(isOpen, "slot() before begin()")
    return partials.slot()
  }

  /// Takes the vector that was written into the last ``slot()``.
  public func commit() {
    precondition(isOpen, "commit() before begin()")
    partials.commit()
  }

  /// Gives every rank the total; a collective.
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
