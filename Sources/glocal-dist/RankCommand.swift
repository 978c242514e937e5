import ArgumentParser
import Experiments
import Foundation
import MessagePassing

/// A command that all ranks of the job carry out together.
protocol RankCommand: ParsableCommand {
  /// Does what the command is for.
  ///
  /// - Throws: what happens to this rank alone; it ends all of them.
  func run(on runtime: MessagePassingRuntime) throws
}

extension RankCommand {
  /// Starts this program again under `mpirun` where more ranks were asked for than there are.
  ///
  /// A configuration that came through a pipe is handed on to them, on the standard input of the first.
  ///
  /// - Throws: `RunError` when the ranks do not fit, `LaunchError` when they cannot be started.
  func startRanks(
    _ asked: Int?, _ configuration: Configuration, _ text: ConfigurationText?,
    on runtime: MessagePassingRuntime
  ) throws {
    let isLaunched = runtime.report.launcher != .none
    let ranks = try RankCount.agreed(
      asked: asked, launched: isLaunched ? runtime.world.size : nil,
      grid: configuration.parallel.grid)
    if ranks > 1, !isLaunched {
      try ProgramStart.launch(
        ranks: ranks, threads: configuration.parallel.threads,
        text: text.flatMap { $0.isFile ? nil : $0 })
    }
  }
}

extension RankCommand {
  /// Does what one rank is enough for, such as looking at the files of runs.
  ///
  /// What the user got wrong, and files that cannot be read, end all ranks with exit code 64.
  ///
  /// - Throws: a file that cannot be written, which nobody got wrong.
  func onRoot(of runtime: MessagePassingRuntime, _ work: () throws -> Void) throws {
    var refused: FileError?
    _ = runtime.world.onRoot {
      do {
        try work()
      } catch let error as FileError where [.write, .sync, .rename].contains(error.action) {
        refused = error
      }
    }
    if let refused { throw refused }
  }
}

extension GlocalDist {
  /// Reads the command line and does what it says, on all ranks.
  static func run(on runtime: MessagePassingRuntime) throws {
    do {
      var command = try parseAsRoot()
      guard let ranked = command as? any RankCommand else {
        // ArgumentParser's own, which ends by throwing the text that was asked for.
        try command.run()
        return
      }
      try ranked.run(on: runtime)
    } catch  where isAboutCommandLine(error) {
      end(with: error, on: runtime.world)
    }
  }

  /// Whether ArgumentParser threw it: a usage error, or a request for help.
  private static func isAboutCommandLine(_ error: any Error) -> Bool {
    error is ValidationError || error is CleanExit || exitCode(for: error) != .failure
  }

  /// Ends all ranks with what ArgumentParser has to say; they have read the same command line.
  private static func end(with error: any Error, on world: any Communicator) -> Never {
    let code = exitCode(for: error)
    if world.isRoot {
      let message = fullMessage(for: error)
      if code == .success {
        print(message)
      } else {
        try? FileHandle.standardError.write(contentsOf: Data("\(message)\n".utf8))
      }
    }
    world.exitAll(code: code.rawValue, message: nil)
  }
}
