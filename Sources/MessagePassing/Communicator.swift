/// How the ranks' numbers are combined.
public enum ReductionOperation: CaseIterable, Sendable {
  /// The sum, in an order that MPI chooses; ``OrderedSum`` gives bitwise reproducible sums.
  case sum
  /// The maximum.
  case maximum
  /// The minimum.
  case minimum
}

/// A contiguous block of numbers sent to, or received from, one rank.
public struct MessageBlock<Element: MessageElement> {
  /// The first number; must stay valid until the message is complete.
  public var start: UnsafeMutablePointer<Element>
  /// The number of elements.
  public var count: Int
  /// The other rank.
  public var peer: Int

  /// A block of `count` numbers from `start` for, or from, rank `peer`.
  public init(start: UnsafeMutablePointer<Element>, count: Int, peer: Int) {
    self.start = start
    self.count = count
    self.peer = peer
  }
}

/// A group of ranks that communicate: all ranks of the job, or one axis of its grid.
///
/// Every method except `send`, `receive`, `waitingSender`, `exchange` and `failAllRanks` is a
/// collective: all ranks of the group call it, in the same order, with matching arguments. None
/// throws: after a failed collective no rank knows the others' state, so a failure ends all ranks
/// with a message that names the rank and the routine (exit code ``ExitCode/failure``). Counts may
/// exceed 2³¹.
///
/// A communicator lives until the program ends, so create the ones you need once.
public protocol Communicator: AnyObject {
  /// This process's rank in the group, in `0..<size`.
  var rank: Int { get }
  /// The number of ranks in the group.
  var size: Int { get }

  /// Waits until all ranks have called it.
  func barrier()

  /// Overwrites `values` on every rank with those of `root`.
  func broadcast<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, root: Int)

  /// Reduces in place on `root`; the other ranks' values do not change.
  func reduce<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, _ operation: ReductionOperation, root: Int)

  /// Reduces in place; every rank gets the result.
  func allreduce<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, _ operation: ReductionOperation)

  /// Reduces `values` into `result`, of the same length, on every rank.
  func allreduce<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>,
    _ operation: ReductionOperation)

  /// Concatenates the ranks' values, in rank order, into `result` on `root`.
  ///
  /// `counts[r]` is the number of values of rank r, the same array on every rank. `result` must
  /// hold the sum of the counts on `root` and is ignored elsewhere.
  func gatherVariable<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, counts: [Int],
    into result: UnsafeMutableBufferPointer<Element>, root: Int)

  /// Fills `values` on every rank with the concatenation of the ranks' blocks, in place.
  ///
  /// On entry this rank's block of `counts[rank]` values must be in its place, after the blocks of
  /// lower ranks; `counts` is the same on every rank and sums to `values.count`.
  func allgatherVariable<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, counts: [Int])

  /// Sends values to one rank, which must receive the same number.
  func send<Element: MessageElement>(_ values: UnsafeBufferPointer<Element>, to destination: Int)

  /// Receives values from one rank, which must send the same number.
  func receive<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, from source: Int)

  /// A rank whose `send` to this one is pending, or nil; does not block.
  ///
  /// Not a collective. If there are several, returns any of them.
  func waitingSender() -> Int?

  /// Sends and receives all blocks at once and returns when all have arrived.
  ///
  /// Blocks between the same two ranks match in order. Use it for a variable all-to-all, a scatter
  /// or a shift; it cannot deadlock whatever the order of the peers, and allocates nothing after
  /// its first uses.
  func exchange<Element: MessageElement>(
    sends: [MessageBlock<Element>], receives: [MessageBlock<Element>])

  /// Splits the group: ranks with the same `color` (≥ 0) form a new group, ordered by `key`, then
  /// rank.
  func split(color: Int, key: Int) -> any Communicator

  /// Ends the whole job immediately, from any rank at any time.
  ///
  /// Prints one message on stderr that names this rank; all ranks exit with ``ExitCode/failure``.
  func failAllRanks(message: String) -> Never

  /// Ends all ranks together with `code`; a collective of the whole job.
  ///
  /// The root (rank 0) first prints `message`, if there is one.
  func endJob(code: Int32, message: String?) -> Never
}

/// The exit codes of this program.
public enum ExitCode {
  /// All ranks agree that the command line or the configuration is invalid (`EX_USAGE`).
  public static let usage: Int32 = 64
  /// The run was asked to stop, or another process still holds it; it can be resumed later
  /// (`EX_TEMPFAIL`).
  public static let interrupted: Int32 = 75
  /// A rank failed while running (`EX_SOFTWARE`); never 0, which `MPI_Abort` would report as
  /// success.
  public static let failure: Int32 = 70
  /// A rank, its host or the network was lost (`EX_IOERR`); a retry may well succeed.
  public static let silence: Int32 = 74
}
