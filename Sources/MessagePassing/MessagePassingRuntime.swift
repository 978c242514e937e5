import CMPI
import Glibc

/// MPI from start to finish, or its absence: the owner of the world communicator.
///
/// A program starts it once, before anything else, and finishes it once; ``withMessagePassing(_:)``
/// does both. Open MPI 4.1.4 is what this was tested with.
public final class MessagePassingRuntime {
  /// All ranks of the job; a ``SerialCommunicator`` if no launcher started this program.
  public let world: any Communicator
  /// Facts about the job, for `doctor` and the run's summary.
  public let facts: JobFacts
  /// Why the processes that a launcher has started are no job; ``world`` is then this one alone.
  public let obstacle: LaunchError?
  /// Whether this process speaks for all that were started: the world's root, and of processes that
  /// cannot reach each other the first.
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
  /// - Parameter needsRanks: whether the launcher's tasks have to become one job; else what keeps them
  ///   from it is the ``obstacle``.
  /// - Throws: ``LaunchError`` if the launcher's tasks cannot become one job.
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
    // Waiting ranks spin. With more ranks than cores an 8-byte allreduce then takes a time slice
    // (26.7 ms) instead of 0.02 ms; read by MPI_Init, so it has to be set before. A user's own
    // setting stays.
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

  /// Stops MPI; a collective of all ranks, after which the communicators are dead.
  public func finish() {
    guard cmpi_is_running() == 1 else { return }
    let code = cmpi_finish()
    // Nothing is left to be lost: say so, and let the exit code stand.
    if code != 0 { writeLine("MPI_Finalize returned \(code)") }
  }

  private static func isYielding() -> Bool {
    guard let value = getenv("OMPI_MCA_mpi_yield_when_idle") else { return false }
    return ["1", "true", "yes", "enabled"].contains(String(cString: value).lowercased())
  }

  /// Name and version of the MPI library, such as `Open MPI v4.1.4`, whether it is in use or not.
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

/// Starts message passing, runs a program on every rank, and finishes.
///
/// An error thrown by `body` on any rank ends all ranks promptly: one line on stderr that names the
/// rank, exit code ``ExitCode/failure``. Errors that all ranks meet alike, such as those of the
/// configuration, belong into ``Communicator/agreedOutcome(code:words:_:)``; the ``AgreedFailure`` of
/// all ranks, thrown on, ends them with its own message and code. If the job cannot start, one line
/// says why and the exit code is ``ExitCode/failure``.
///
/// - Parameters:
///   - needsRanks: as in ``MessagePassingRuntime/start(environment:needsRanks:)``.
///   - words: what is said about an error.
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
    // The tasks cannot talk to each other, but each knows whether it is the first.
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
