/// How the numbers of the ranks become one.
public enum ReductionOperation: CaseIterable, Sendable {
  /// Their sum, in an order that MPI chooses; ``OrderedSum`` is the one whose bits never change.
  case sum
  /// The largest.
  case maximum
  /// The smallest.
  case minimum
}

/// A run of numbers that goes to, or comes from, one rank.
public struct MessageBlock<Element: MessageElement> {
  /// The first number; must stay valid while the message is under way.
  public var start: UnsafeMutablePointer<Element>
  /// How many numbers.
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

/// A group of ranks that exchange numbers: all of the job, or one axis of its grid.
///
/// Every method except `send`, `receive`, `waitingSender`, `exchange` and `failAllRanks` is a collective: all ranks of
/// the group call it, in the same order, with arguments that fit each other. None throws: after a
/// failed collective no rank knows what the others hold, so a failure ends all ranks with a message
/// that names the rank and the routine (exit code ``ExitCode/failure``). Counts may exceed 2³¹.
///
/// A communicator lives until the program ends: make the ones you need once.
public protocol Communicator: AnyObject {
  /// This process's number in the group, in `0..<size`.
  var rank: Int { get }
  /// How many ranks the group has.
  var size: Int { get }

  /// Waits until all ranks have come here.
  func barrier()

  /// Overwrites `values` on every rank by those of `root`.
  func broadcast<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, root: Int)

  /// Reduces in place on `root`; the values of the other ranks stay as they are.
  func reduce<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, _ operation: ReductionOperation, root: Int)

  /// Reduces in place; every rank gets the result.
  func allreduce<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, _ operation: ReductionOperation)

  /// Reduces `values` into `result`, of the same length, on every rank.
  func allreduce<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, into result: UnsafeMutableBufferPointer<Element>,
    _ operation: ReductionOperation)

  /// Concatenates the ranks' values, in rank order, in `result` on `root`.
  ///
  /// `counts[r]` is the number of values of rank r, the same array on every rank. `result` must hold
  /// the sum of the counts on `root` and is not looked at elsewhere.
  func gatherVariable<Element: MessageElement>(
    _ values: UnsafeBufferPointer<Element>, counts: [Int],
    into result: UnsafeMutableBufferPointer<Element>, root: Int)

  /// Fills `values` on every rank with the concatenation of the ranks' blocks, in place.
  ///
  /// On entry this rank's block of `counts[rank]` values is already at its place, after the blocks of
  /// lower ranks; `counts` is the same on every rank and sums to `values.count`.
  func allgatherVariable<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, counts: [Int])

  /// Sends values to one rank, which must receive as many.
  func send<Element: MessageElement>(_ values: UnsafeBufferPointer<Element>, to destination: Int)

  /// Receives values from one rank, which must send as many.
  func receive<Element: MessageElement>(
    _ values: UnsafeMutableBufferPointer<Element>, from source: Int)

  /// The rank whose `send` to this one waits to be received, nil when there is none; returns at once.
  ///
  /// Not a collective. Of several it is any.
  func waitingSender() -> Int?

  /// Sends and receives all blocks at once and returns when all have arrived.
  ///
  /// The blocks between the same two ranks match in order. This is what a variable all-to-all, a
  /// scatter or a shift is made of; it cannot deadlock whatever the order of the peers, and allocates
  /// nothing once warm.
  func exchange<Element: MessageElement>(
    sends: [MessageBlock<Element>], receives: [MessageBlock<Element>])

  /// Splits the group: ranks with the same `color` (≥ 0) form a new one, ordered by `key`, then rank.
  func split(color: Int, key: Int) -> any Communicator

  /// Ends the whole job at once, from any rank at any time.
  ///
  /// One message on stderr that names this rank, then exit code ``ExitCode/failure`` on all ranks.
  func failAllRanks(message: String) -> Never

  /// Ends all ranks together with `code`; a collective of the whole job.
  ///
  /// The root (rank 0) prints `message` first, once, if there is one.
  func endJob(code: Int32, message: String?) -> Never
}

/// The exit codes of this program.
public enum ExitCode {
  /// All ranks agree that the command line or the configuration cannot be used (`EX_USAGE`).
  public static let usage: Int32 = 64
  /// The run was asked to stop, or is still in other hands, and can go on later (`EX_TEMPFAIL`).
  public static let interrupted: Int32 = 75
  /// A rank failed while running (`EX_SOFTWARE`); never zero, which `MPI_Abort` would pass on as success.
  public static let failure: Int32 = 70
  /// A rank, its host or the network is gone (`EX_IOERR`): the same again may well succeed.
  public static let silence: Int32 = 74
}
