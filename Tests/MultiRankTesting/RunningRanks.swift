import Foundation

/// A program on several ranks that has been started and not yet waited for.
public final class RunningRanks {
  private let process = Process()
  private let folder: URL
  private let start = ContinuousClock.now

  /// Starts a program; see `MultiRankRun.run` for the parameters.
  public init(
    _ program: String, _ arguments: [String] = [], ranks: Int?, hostfile: String? = nil,
    quiet: Bool = false, environment: [String: String] = [:], input: String? = nil,
    timeout: Int = 60
  ) throws {
    let executable = try Self.locate(program)
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
    process.environment = Self.variables(environment)

    // Files, not pipes: a full pipe would stop the ranks.
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("multi-rank-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["out", "err"] { try Data().write(to: folder.appendingPathComponent(name)) }
    process.standardInput =
      try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) }
      ?? FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: folder.appendingPathComponent("out"))
    process.standardError = try FileHandle(forWritingTo: folder.appendingPathComponent("err"))
    try process.run()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The processes that the launcher has started, or none yet.
  public var processes: [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { Int32($0) }.filter { number in
      // `PID (NAME) STATE PARENT …`; the name may hold anything.
      let line = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
      let fields = line?.split(separator: ")").last?.split(separator: " ") ?? []
      return fields.count > 1 && fields[1] == "\(process.processIdentifier)"
    }
  }

  /// The process that was started: the program, or the launcher of its ranks.
  public var identifier: Int32 { process.processIdentifier }

  /// Standard output so far.
  public var output: String {
    (try? String(contentsOf: folder.appendingPathComponent("out"), encoding: .utf8)) ?? ""
  }

  /// Whether it is still there.
  public var isRunning: Bool { process.isRunning }

  /// Ends the launcher and all ranks at once (SIGKILL), as a power cut would.
  public func killAll() {
    let all = [identifier] + processes
    for process in all { kill(process, SIGKILL) }
  }

  /// Whether a process comes to its end within a few seconds; a zombie has.
  ///
  /// mpirun may leave while the kernel still clears up what it has killed.
  public static func hasEnded(_ process: Int32) -> Bool {
    let deadline = ContinuousClock.now + .seconds(5)
    while ContinuousClock.now < deadline {
      let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      let state = line?.split(separator: ")").last?.split(separator: " ").first
      if state == nil || state == "Z" || state == "X" { return true }
      usleep(20_000)
    }
    return false
  }

  /// Waits for the end.
  public func finish() throws -> MultiRankRun {
    process.waitUntilExit()
    let elapsed = ContinuousClock.now - start
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }
    return MultiRankRun(
      exitCode: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
      output: try text("out"), errors: try text("err"),
      seconds: Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
  }

  /// The program beside this test's own executable.
  static func locate(_ program: String) throws -> URL {
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
