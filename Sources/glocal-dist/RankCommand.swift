import ArgumentParser
import MessagePassing
import Presentation
import Runs
import Settings
import Storage

/// A command that all ranks of the job execute together.
protocol RankCommand: ParsableCommand {
  /// Executes the command.
  ///
  /// - Throws: errors of this rank alone, which end all ranks.
  func run(on runtime: MessagePassingRuntime) throws
}

/// A training command: it may start ranks, and writes a checkpoint when asked to stop.
protocol TrainingCommand: RankCommand {
  /// The value of `--ranks`.
  var wantedRanks: Int? { get }
}

extension TrainingCommand {
  /// Restarts this program under `mpirun` if more ranks were requested than there are.
  ///
  /// A configuration that came through a pipe is passed on via the first rank's standard input.
  ///
  /// - Parameter check: checks that can be made before the ranks exist; called with their number if
  ///   ranks are to be started.
  /// - Throws: `RunError` if the number of ranks does not fit, `LaunchError` if they cannot be
  ///   started.
  func startRanks(
    _ configuration: Configuration, _ text: ConfigurationText?, on runtime: MessagePassingRuntime,
    check: (_ ranks: Int) throws -> Void = { _ in }
  ) throws {
    let isLaunched = runtime.facts.launcher != .none
    let ranks = try RankCount.agreed(
      asked: wantedRanks, launched: isLaunched ? runtime.world.size : nil,
      grid: configuration.parallel.grid)
    if ranks > 1, !isLaunched {
      try check(ranks)
      try ProgramStart.launch(
        ranks: ranks, threads: configuration.parallel.threads,
        text: text.flatMap { $0.isFile ? nil : $0 })
    }
  }

  /// Prepares for training; ends the process if a launcher's ranks cannot form one job.
  func prepare(on runtime: MessagePassingRuntime) {
    StopSignal.watch()
    ProgramStart.outliveReaders()
    // Before a configuration is read: its parser traps if there is hardly any memory.
    runtime.world.allOrNone { try ExperimentRunner.checkLibraryMemory() }
    guard let obstacle = runtime.obstacle else { return }
    // In a batch shell nothing is running yet, so `--ranks` may start ranks.
    if LaunchEnvironment.ofThisProcess.isBatchShell, wantedRanks != nil { return }
    runtime.world.endJob(
      code: ExitCode.usage, message: runtime.speaks ? obstacle.words : nil)
  }
}

extension RankCommand {
  /// Does work that needs only one rank, such as reading the files of runs.
  ///
  /// User errors and unreadable files end all ranks with exit code 64.
  ///
  /// - Throws: failures to write a file or standard output, which are not user errors.
  func onRoot(of runtime: MessagePassingRuntime, _ work: () throws -> Void) throws {
    var refused: (any Error)?
    _ = runtime.world.onRoot {
      do {
        try work()
      } catch let error as FileError where [.write, .sync, .rename].contains(error.action) {
        refused = error
      } catch let error as OutputError {
        refused = error
      }
    }
    if let refused { throw refused }
  }
}
