import ArgumentParser
import MessagePassing
import Presentation
import Runs
import Settings
import Storage

/// A command that all ranks of the job carry out together.
protocol RankCommand: ParsableCommand {
  /// Does what the command is for.
  ///
  /// - Throws: what happens to this rank alone; it ends all of them.
  func run(on runtime: MessagePassingRuntime) throws
}

/// A command that trains: it wants the ranks it can get, and stops with a checkpoint when asked to.
protocol TrainingCommand: RankCommand {
  /// The value of `--ranks`.
  var wantedRanks: Int? { get }
}

extension TrainingCommand {
  /// Starts this program again under `mpirun` where more ranks were asked for than there are.
  ///
  /// A configuration that came through a pipe is handed on to them, on the standard input of the first.
  ///
  /// - Parameter check: refuses what can be refused before the ranks are there; called with their
  ///   number where they are to be started.
  /// - Throws: `RunError` when the ranks do not fit, `LaunchError` when they cannot be started.
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

  /// Gets ready to train; ends the process where the ranks of a launcher cannot become one job.
  func prepare(on runtime: MessagePassingRuntime) {
    StopSignal.watch()
    ProgramStart.outliveReaders()
    // Before a configuration is read: where there is hardly any memory, its reader traps.
    runtime.world.allOrNone { try ExperimentRunner.checkLibraryMemory() }
    guard let obstacle = runtime.obstacle else { return }
    // In a batch shell nothing runs yet: `--ranks` may start it.
    if LaunchEnvironment.ofThisProcess.isBatchShell, wantedRanks != nil { return }
    runtime.world.endJob(
      code: ExitCode.usage, message: runtime.speaks ? obstacle.words : nil)
  }
}

extension RankCommand {
  /// Does what one rank is enough for, such as looking at the files of runs.
  ///
  /// What the user got wrong, and files that cannot be read, end all ranks with exit code 64.
  ///
  /// - Throws: what cannot be written, a file or standard output, which nobody got wrong.
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
