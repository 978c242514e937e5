import Foundation

/// The built `glocal-dist`, started as a user starts it.
enum ProgramUnderTest {
  /// What a run left behind.
  struct Result {
    let code: Int32
    let output: String
    let errors: String
  }

  /// The program beside the test bundle.
  static var path: String {
    let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: bundle ?? "").deletingLastPathComponent()
      .appendingPathComponent("glocal-dist").path
  }

  /// Whether several ranks can be started.
  static var hasLauncher: Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/mpirun")
  }

  /// Runs the program with arguments, on as many ranks of mpirun's as said, or without it.
  ///
  /// Output goes to files: a pipe that nobody empties would stop a talkative program.
  static func run(
    _ arguments: [String], ranks: Int? = nil, environment changes: [String: String?] = [:]
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["output", "errors"].map { folder.appendingPathComponent($0) }
    for file in files { try Data().write(to: file) }

    var environment = ProcessInfo.processInfo.environment
    environment["GLOCAL_DATA"] = nil
    for (name, value) in changes { environment[name] = value }
    let process = Process()
    if let ranks {
      environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
      environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
      process.executableURL = URL(fileURLWithPath: "/usr/bin/mpirun")
      process.arguments =
        ["--oversubscribe", "--bind-to", "none", "--timeout", "60", "-n", "\(ranks)", path]
        + arguments
    } else {
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = arguments
    }
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Result(code: process.terminationStatus, output: texts[0], errors: texts[1])
  }
}
