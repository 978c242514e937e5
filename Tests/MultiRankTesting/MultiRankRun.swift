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

  /// Runs a program that was built along with the tests and waits for it.
  ///
  /// - Parameters:
  ///   - program: the name of an executable that the test target depends on.
  ///   - ranks: how many; `nil` starts the program directly, without `mpirun`.
  ///   - hostfile: a file that says where the ranks go; without one they share this host.
  ///   - quiet: leaves out `mpirun`'s own paragraph about a non-zero exit.
  ///   - environment: variables to set; an empty value removes one.
  ///   - timeout: seconds after which all ranks are killed.
  public static func run(
    _ program: String, _ arguments: [String] = [], ranks: Int?, hostfile: String? = nil,
    quiet: Bool = false,
    environment: [String: String] = [:], timeout: Int = 60
  ) throws -> MultiRankRun {
    let executable = try locate(program)
    let process = Process()
    if let ranks {
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments =
        ["mpirun", "--bind-to", "none", "--timeout", "\(timeout)"]
        + (hostfile.map { ["--hostfile", $0] } ?? ["--oversubscribe"])
        + (quiet ? ["--quiet"] : []) + ["-n", "\(ranks)", executable.path] + arguments
    } else {
      process.executableURL = executable
      process.arguments = arguments
    }
    process.environment = variables(environment)

    // Files, not pipes: a full pipe would stop the ranks.
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("multi-rank-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appendingPathComponent("out")
    let errors = folder.appendingPathComponent("err")
    try Data().write(to: output)
    try Data().write(to: errors)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)

    let clock = ContinuousClock()
    let start = clock.now
    try process.run()
    process.waitUntilExit()
    let elapsed = clock.now - start
    return MultiRankRun(
      exitCode: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self),
      seconds: Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
  }

  /// The program beside this test's own executable.
  private static func locate(_ program: String) throws -> URL {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let url = own.deletingLastPathComponent().appendingPathComponent(program)
    guard FileManager.default.isExecutableFile(atPath: url.path) else {
      throw MissingProgram(path: url.path)
    }
    return url
  }

  private static func variables(_ additions: [String: String]) -> [String: String] {
    var result = ProcessInfo.processInfo.environment
    // Tests often run as root in a container, which mpirun otherwise refuses.
    result["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
    result["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    for (name, value) in additions { result[name] = value.isEmpty ? nil : value }
    return result
  }
}

/// A program that the test target does not depend on, or that was not built.
public struct MissingProgram: Error, CustomStringConvertible {
  let path: String

  /// Where it was looked for.
  public var description: String {
    "no program at \(path); list it among the test target's dependencies"
  }
}
