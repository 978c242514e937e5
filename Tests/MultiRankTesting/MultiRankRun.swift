import Foundation

/// One run of a program on several ranks, as a test sees it.
///
/// Collectives never run inside a `@Test`: the ranks are processes of their own, started by `mpirun`.
/// A check program prints `FAIL rank=R file:line text` for what is wrong and `DONE rank=R` at its end;
/// other programs are judged by their exit code and output.
public struct MultiRankRun: Sendable {
  /// What `mpirun` returned: 0, the program's own code, or 110 after the timeout.
  public let exitCode: Int32
  /// Standard output of all ranks.
  public let output: String
  /// Standard error of all ranks and of `mpirun`.
  public let errors: String
  /// Seconds from start to the end of the last rank.
  public let seconds: Double

  /// What the check program found wrong.
  public var failures: [String] { lines(beginning: "FAIL ") }

  /// The ranks that came to the end of the check program.
  public var finishedRanks: [Int] {
    lines(beginning: "DONE rank=").compactMap { Int($0.dropFirst("DONE rank=".count)) }.sorted()
  }

  /// Lines of standard error that say something.
  public var errorLines: [String] {
    errors.split(separator: "\n").map(String.init).filter {
      !$0.allSatisfy { $0 == " " || $0 == "-" }
    }
  }

  /// Lines of standard output with the given beginning.
  public func lines(beginning prefix: String) -> [String] {
    output.split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
  }

  /// Where an executable lies that was built along with the tests.
  public static func path(of program: String) throws -> String {
    try RunningRanks.locate(program).path
  }

  /// Runs a program that was built along with the tests and waits for it.
  ///
  /// - Parameters:
  ///   - program: the name of an executable that the test target depends on.
  ///   - ranks: how many; `nil` starts the program directly, without `mpirun`.
  ///   - hostfile: a file that says where the ranks go; without one they share this host.
  ///   - quiet: leaves out `mpirun`'s own paragraph about a non-zero exit.
  ///   - environment: variables to set; an empty value removes one.
  ///   - input: the file, or named pipe, that is standard input; nothing without one.
  ///   - timeout: seconds after which all ranks are killed.
  public static func run(
    _ program: String, _ arguments: [String] = [], ranks: Int?, hostfile: String? = nil,
    quiet: Bool = false,
    environment: [String: String] = [:], input: String? = nil, timeout: Int = 60
  ) throws -> MultiRankRun {
    try RunningRanks(
      program, arguments, ranks: ranks, hostfile: hostfile, quiet: quiet,
      environment: environment, input: input, timeout: timeout
    ).finish()
  }
}
