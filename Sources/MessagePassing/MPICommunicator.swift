import CMPI

/// A group of ranks of an MPI job; see ``Communicator`` for the methods.
///
/// One thin method per C routine of the shim. Not thread-safe: MPI is used from the main thread
/// only.
public final class MPICommunicator: Communicator {
  /// This process's rank in the group.
  public let rank: Int
  /// The number of ranks in the group.
  public let size: Int
  private let handle: OpaquePointer

  /// Rank and size in the whole job, which messages report whatever the group.
  private let worldRank: Int
  private let worldSize: Int

  private init(handle: OpaquePointer, world: (rank: Int, size: Int)?) {
    var rank: Int32 = 0
    var size: Int32 = 1
    let codes = [cmpi_rank(handle, &rank), cmpi_size(handle, &size)]
    self.handle = handle
    self.rank = Int(rank)
    self.size = Int(size)
    worldRank = world?.rank ?? Int(rank)
    worldSize = world?.size ?? Int(size)
    codes.forEach { check($0, "MPI_Comm_rank") }
  }

  /// Sets the largest number of elements per MPI call, 2²⁸ by default; tests use it to split small
  /// messages.
  package static func setLargestCount(_ count: Int) { cmpi_set_largest_count(count) }

  /// The group of all ranks of a running MPI job.
  static func makeWorld() -> MPICommunicator {
    var handle: OpaquePointer?
    let code = cmpi_world(&handle)
    guard code == 0, let handle else { fatalError("MPI_COMM_WORLD cannot be used (\(code))") }
    return MPICommunicator(handle: handle, world: nil)
  }

  /// `MPI_Comm_split_type`: the ranks that run on this host.
  func splitByHost() -> MPICommunicator {
    var part: OpaquePointer?
    check(cmpi_split_by_host(handle, &part), "MPI_Comm_split_type")
    return wrap(part, "MPI_Comm_split_type")
  }

  /// Ends the job if the return code reports failure; the only place where MPI's return codes are
  /// checked.
  private func check(_ code: Int32, _ routine: String) {
    guard code != 0 else { return }
    var buffer = [CChar](repeating: 0, count: 512)
    cmpi_error_text(code, &buffer, Int32(buffer.count))
    failAllRanks(message: "\(routine) failed: \(text(of: buffer))")
  }

  private func wrap(_ part: OpaquePointer?, _ routine: String) -> MPICommunicator {
    guard let part else { failAllRanks(message: "\(routine) returned no communicator") }
    return MPICommunicator(handle: part, world: (worldRank, worldSize))
  }

  /// `MPI_Barrier`.
  public func barrier() { check(cmpi_barrier(handle), "MPI_Barrier") }

  /// `MPI_Bcast`.
  public func broadcast<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, root: Int
  ) {
    requireRank(root, of: size)
    check(
      cmpi_broadcast(handle, Element.type, values.baseAddress, values.count, Int32(root)),
      "MPI_Bcast")
  }

  /// `MPI_Reduce`.
  public func reduce<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, _ operation: ReductionOperation, root: Int
  ) {
    requireRank(root, of: size)
    check(
      cmpi_reduce(
        handle, Element.type, operation.code, values.baseAddress, values.count, Int32(root)),
      "MPI_Reduce")
  }

  /// `MPI_Allreduce`, in place.
  public func allreduce<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, _ operation: ReductionOperation
  ) {
    check(
      cmpi_allreduce(
        handle, Element.type, operation.code, nil, values.baseAddress, values.count),
      "MPI_Allreduce")
  }

  /// `MPI_Allreduce`.
  public func allreduce<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>,
    _ operation: ReductionOperation
  ) {
    requireEqual(values.count, result.count, "values", "result")
    check(
      cmpi_allreduce(
        handle, Element.type, operation.code, values.baseAddress, result.baseAddress, values.count),
      "MPI_Allreduce")
  }

  /// `MPI_Gatherv`.
  public func gatherVariable<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, counts: [Int],
    into result: UnsafeMutableBufferPointer<Element>, root: Int
  ) {
    requireRank(root, of: size)
    requireCounts(counts, size: size, own: values.count, rank: rank)
    if rank == root { requireEqual(counts.reduce(0, +), result.count, "values", "result") }
    check(
      cmpi_gather(
        handle, Element.type, values.baseAddress, counts, result.baseAddress, Int32(root)),
      "MPI_Gatherv")
  }

  /// `MPI_Allgatherv`, in place.
  public func allgatherVariable<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, counts: [Int]
  ) {
    requireCounts(counts, size: size, own: counts[rank], rank: rank)
    requireEqual(counts.reduce(0, +), values.count, "counted", "values")
    check(cmpi_allgather(handle, Element.type, values.baseAddress, counts), "MPI_Allgatherv")
  }

  /// `MPI_Send`.
  public func send<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, to destination: Int
  ) {
    requireRank(destination, of: size)
    check(
      cmpi_send(handle, Element.type, values.baseAddress, values.count, Int32(destination)),
      "MPI_Send")
  }

  /// `MPI_Recv`.
  public func receive<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, from source: Int
  ) {
    requireRank(source, of: size)
    check(
      cmpi_receive(handle, Element.type, values.baseAddress, values.count, Int32(source)),
      "MPI_Recv")
  }

  /// `MPI_Iprobe`.
  public func waitingSender() -> Int? {
    var source: Int32 = -1
    check(cmpi_waiting_sender(handle, &source), "MPI_Iprobe")
    return source < 0 ? nil : Int(source)
  }

  /// `MPI_Irecv` and `MPI_Isend` for each block, then `MPI_Waitall`.
  public func exchange<Element: MessageElement>(
    sends: [MessageBlock<Element>], receives: [MessageBlock<Element>]
  ) {
    let blockCount = sends.count + receives.count
    withUnsafeTemporaryAllocation(of: cmpi_block.self, capacity: max(1, blockCount)) { blocks in
      guard let first = blocks.baseAddress else { return }
      for (index, block) in sends.enumerated() { (first + index).initialize(to: convert(block)) }
      let second = first + sends.count
      for (index, block) in receives.enumerated() {
        (second + index).initialize(to: convert(block))
      }
      check(
        cmpi_exchange(handle, Element.type, first, sends.count, second, receives.count),
        "MPI_Waitall")
    }
  }

  private func convert<Element>(_ block: MessageBlock<Element>) -> cmpi_block {
    requireRank(block.peer, of: size)
    return cmpi_block(
      start: UnsafeMutableRawPointer(block.start), count: block.count, peer: Int32(block.peer))
  }

  /// `MPI_Comm_split`.
  public func split(color: Int, key: Int) -> any Communicator {
    requireColor(color)
    var part: OpaquePointer?
    check(cmpi_split(handle, Int32(color), Int32(key), &part), "MPI_Comm_split")
    return wrap(part, "MPI_Comm_split")
  }

  /// `MPI_Abort` on all ranks of the job, not only of this group.
  public func failAllRanks(message: String) -> Never {
    endAllRanks(code: ExitCode.failure, rank: worldRank, size: worldSize, message: message)
  }

  /// Ends the job on all ranks together.
  ///
  /// Call it on the world: a smaller group ends with `MPI_Finalize`, which waits for the other
  /// ranks.
  public func endJob(code: Int32, message: String?) -> Never {
    if rank == 0, let message { writeLine(message) }
    endTogether(code: code)
  }

  /// Ends the job once all ranks are here, with `MPI_Finalize` and exit, or with an abort that
  /// mpirun does not comment on.
  private func endTogether(code: Int32) -> Never {
    writeOut()
    barrier()
    // If a rank exits with an error, mpirun prints a paragraph; it does not after an abort by the
    // root.
    if code != 0, worldSize == size {
      if rank == 0 { cmpi_abort(code) }
      pauseUntilEnded(code: code)
    }
    check(cmpi_finish(), "MPI_Finalize")
    endProcess(code: code, message: nil)
  }
}

extension MessageElement {
  fileprivate static var type: cmpi_type { cmpi_type(UInt32(bitPattern: messageTypeCode)) }
}

extension ReductionOperation {
  fileprivate var code: cmpi_operation {
    switch self {
    case .sum: CMPI_SUM
    case .maximum: CMPI_MAXIMUM
    case .minimum: CMPI_MINIMUM
    }
  }
}
