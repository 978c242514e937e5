import CMPI
import Glibc

/// The lifetime of MPI, or its absence; owns the world communicator.
///
/// A program starts it once, before anything else, and finishes it once; ``withMessagePassing(_:)``
/// does both. Tested with Open MPI 4.1.4.
public final class MessagePassingRuntime {
  /// All ranks of the job; a ``SerialCommunicator`` if no launcher started this program.
  public let world: any Communicator
  /// Facts about the job, for `doctor` and the run's summary.
  public let facts: JobFacts
  /// Why the launcher's processes do not form a job; ``world`` is then this process alone.
  public let obstacle: LaunchError?
  /// Whether this process prints for all that were started: the world's root, or the first of
  /// several processes that cannot reach each other.
  public var speaks: Bool { world.isRoot && isFirst }
  private let isFirst: Bool

  private init(
    world: any Communicator, facts: JobFacts, obstacle: LaunchError? = nil,
    isFirst: Bool = true
  ) {
    self.world = world
    self.facts = facts
    self.obstacle = obstacle
    self.isFirst = isFirst
  }

  /// Starts MPI if a launcher started this program; a collective of all its ranks.
  ///
  /// - Parameter needsRanks: whether the launcher's tasks must form one job; if not, the reason why
  ///   they do not is stored in ``obstacle``.
  /// - Throws: ``LaunchError`` if the tasks must form one job and cannot.
  public static func start(
    environment: LaunchEnvironment = .ofThisProcess, needsRanks: Bool = true
  ) throws(LaunchError) -> MessagePassingRuntime {
    let launcher: LaunchEnvironment.Launcher
    do {
      launcher = try environment.launcher()
    } catch {
      if needsRanks { throw error }
      return MessagePassingRuntime(
        world: SerialCommunicator(), facts: .serial(cores: usableCores()), obstacle: error,
        isFirst: environment.rank == 0)
    }
    guard launcher != .none else {
      return MessagePassingRuntime(
        world: SerialCommunicator(), facts: .serial(cores: usableCores()))
    }
    precondition(cmpi_was_started() == 0, "MPI was started twice; it can be started only once")
    let cores = usableCores()
    // Waiting ranks spin. With more ranks than cores, an 8-byte allreduce then takes a time slice
    // (26.7 ms) instead of 0.02 ms. MPI_Init reads this variable, so it must be set before. A
    // user's own setting is kept.
    if let ranks = environment.localSize, ranks > cores {
      setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0)
    }
    var level: Int32 = 0
    let code = cmpi_start(&level)
    guard code == 0 else { throw .initialization(code: code) }
    let world = MPICommunicator.makeWorld()
    try environment.requireSize(world.size)
    let host = world.splitByHost()
    let facts = JobFacts(
      launcher: launcher, library: libraryVersion(), standard: standardVersion(),
      threadLevel: String(cString: cmpi_thread_level_name(level)), host: hostName(),
      localRank: host.rank, localSize: host.size, cores: cores, yieldsWhenIdle: isYielding())
    return MessagePassingRuntime(world: world, facts: facts)
  }

  /// Stops MPI; a collective of all ranks, after which the communicators are invalid.
  public func finish() {
    guard cmpi_is_running() == 1 else { return }
    let code = cmpi_finish()
    // Nothing can be lost any more: report it and keep the exit code.
    if code != 0 { writeLine("MPI_Finalize returned \(code)") }
  }

  private static func isYielding() -> Bool {
    guard let value = getenv("OMPI_MCA_mpi_yield_when_idle") else { return false }
    return ["1", "true", "yes", "enabled"].contains(String(cString: value).lowercased())
  }

  /// Name and version of the MPI library, such as `Open MPI v4.1.4`, whether or not it is in use.
  public static func libraryVersion() -> String {
    var buffer = [CChar](repeating: 0, count: 512)
    cmpi_library_version(&buffer, Int32(buffer.count))
    let name = text(of: buffer).prefix { $0 != "," && $0 != "\n" }
    return String(name)
  }

  private static func standardVersion() -> String {
    var major: Int32 = 0
    var minor: Int32 = 0
    cmpi_standard_version(&major, &minor)
    return "\(major).\(minor)"
  }
}

/// Starts message passing, runs `body` on every rank, and finishes.
///
/// An error thrown by `body` on any rank ends all ranks promptly: one line on stderr that names the
/// rank, exit code ``ExitCode/failure``. Errors that occur on all ranks alike, such as those of the
/// configuration, belong in ``Communicator/agreedOutcome(code:words:_:)``; if `body` rethrows the
/// resulting ``AgreedFailure`` on all ranks, it ends them with its own message and code. If the job
/// cannot start, one line says why and the exit code is ``ExitCode/failure``.
///
/// - Parameters:
///   - needsRanks: as in ``MessagePassingRuntime/start(environment:needsRanks:)``.
///   - words: describes an error in words.
public func withMessagePassing<Result>(
  environment: LaunchEnvironment = .ofThisProcess, needsRanks: Bool = true,
  words: (any Error) -> String = { "\($0)" },
  _ body: (MessagePassingRuntime) throws -> Result
) -> Result {
  let runtime: MessagePassingRuntime
  do {
    runtime = try MessagePassingRuntime.start(
      environment: environment, needsRanks: needsRanks)
  } catch {
    // The tasks cannot communicate, but each knows whether it is the first.
    endProcess(code: ExitCode.failure, message: environment.rank == 0 ? words(error) : nil)
  }
  do {
    let result = try body(runtime)
    runtime.finish()
    return result
  } catch let failure as AgreedFailure {
    runtime.world.endJob(failure)
  } catch {
    runtime.world.failAllRanks(message: words(error))
  }
}
