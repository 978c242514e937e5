/// A group of one rank without MPI, for a program that no launcher started.
public final class SerialCommunicator: Communicator {
  /// Always 0.
  public let rank = 0
  /// Always 1.
  public let size = 1

  /// Creates a group of this process alone.
  public init() {}

  /// Returns immediately.
  public func barrier() {}

  /// Does nothing.
  public func broadcast<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, root: Int
  ) {
    requireSelf(root)
  }

  /// Does nothing.
  public func reduce<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, _ operation: ReductionOperation, root: Int
  ) {
    requireSelf(root)
  }

  /// Does nothing.
  public func allreduce<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, _ operation: ReductionOperation
  ) {}

  /// Copies the values.
  public func allreduce<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>,
    _ operation: ReductionOperation
  ) {
    requireEqual(values.count, result.count, "values", "result")
    copy(values, into: result)
  }

  /// Copies the values.
  public func gatherVariable<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, counts: [Int],
    into result: UnsafeMutableBufferPointer<Element>, root: Int
  ) {
    requireSelf(root)
    requireCounts(counts, size: 1, own: values.count, rank: 0)
    requireEqual(values.count, result.count, "values", "result")
    copy(values, into: result)
  }

  /// Does nothing.
  public func allgatherVariable<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, counts: [Int]
  ) {
    requireCounts(counts, size: 1, own: values.count, rank: 0)
  }

  /// Traps: there is no rank to send to.
  public func send<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, to destination: Int
  ) {
    preconditionFailure("a blocking send to rank \(destination) in a group of one")
  }

  /// Traps: there is no rank to receive from.
  public func receive<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, from source: Int
  ) {
    preconditionFailure("a blocking receive from rank \(source) in a group of one")
  }

  /// Always nil.
  public func waitingSender() -> Int? { nil }

  /// Copies each sent block to the received block with the same index.
  public func exchange<Element: MessageElement>(
    sends: [MessageBlock<Element>], receives: [MessageBlock<Element>]
  ) {
    requireEqual(sends.count, receives.count, "blocks sent", "blocks received")
    for (sent, received) in zip(sends, receives) {
      requireSelf(sent.peer)
      requireSelf(received.peer)
      requireEqual(sent.count, received.count, "numbers sent", "numbers received")
      received.start.update(from: sent.start, count: sent.count)
    }
  }

  /// Returns a group of this process alone.
  public func split(color: Int, key: Int) -> any Communicator {
    requireColor(color)
    return SerialCommunicator()
  }

  /// Prints the message and exits with ``ExitCode/failure``.
  public func failAllRanks(message: String) -> Never {
    endProcess(code: ExitCode.failure, message: message)
  }

  /// Prints the message, if any, and exits.
  public func endJob(code: Int32, message: String?) -> Never {
    endProcess(code: code, message: message)
  }

  private func requireSelf(_ rank: Int) {
    precondition(rank == 0, "rank \(rank) in a group of one")
  }

  private func copy<Element>(
    _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>
  ) {
    guard let source = values.baseAddress, let target = result.baseAddress else { return }
    target.update(from: source, count: values.count)
  }
}
