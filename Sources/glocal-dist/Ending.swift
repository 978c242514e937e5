import ArgumentParser
import Experiments
import Foundation

/// What the program says at its end, and who says it.
///
/// Under a launcher every rank reads the same command line and fails alike: root speaks. The others
/// wait for mpirun to end them when root has gone, because mpirun ends *all* ranks as soon as one
/// has failed, also a root that has not spoken yet.
enum Ending {
  /// How long the others wait for root's end.
  private static let patience: UInt32 = 3

  /// The exit code for what the user wrote wrong (`EX_USAGE`).
  private static let usage: Int32 = 64

  private static var launched: LauncherEnvironment {
    LauncherEnvironment(ProcessInfo.processInfo.environment)
  }

  /// Prints once, however many ranks there are.
  static func printOnRoot(_ text: String, terminator: String = "\n") {
    if launched.isRoot { print(text, terminator: terminator) }
  }

  /// Ends the program with the error's message and exit code: 64 for what the user wrote, 70 for
  /// anything else, 0 when help was asked for.
  static func exit(with error: any Error) -> Never {
    let launched = launched
    let ending = ending(of: error)
    fflush(nil)
    if ending.code == 0 {
      printOnRoot(ending.message)
      Foundation.exit(0)
    }
    var prefix = ""
    if !launched.isRoot {
      // While a run is on, the others wait for this rank: no time to lose.
      if ending.code == usage { sleep(patience) }
      // Still here: root has not failed, so this rank alone has something to say.
      prefix = "rank \(launched.rank): "
    }
    let line = prefix + ending.message + "\n"
    FileHandle.standardError.write(Data(line.utf8))
    Foundation.exit(ending.code)
  }

  private static func ending(of error: any Error) -> (message: String, code: Int32) {
    switch error {
    case let error as ConfigurationError: ("glocal-dist: \(error)", usage)
    case let error as LaunchProblem: ("glocal-dist: \(error)", usage)
    // What ArgumentParser throws: a usage error, or a request for help.
    case is ValidationError, is CleanExit, is ExitCode: parsed(error)
    default:
      GlocalDist.exitCode(for: error) == .failure ? ("glocal-dist: \(error)", 70) : parsed(error)
    }
  }

  private static func parsed(_ error: any Error) -> (message: String, code: Int32) {
    (GlocalDist.fullMessage(for: error), GlocalDist.exitCode(for: error).rawValue)
  }
}
