import Foundation

/// A program run to its end, with what it printed.
package struct Command {
  package let status: Int32
  package let output: String

  /// Runs a program found on the PATH or by its path; standard output and error come together.
  package static func run(_ arguments: String...) throws -> Command {
    try run(arguments: arguments)
  }

  /// The same with more in the environment.
  package static func run(
    arguments: [String], environment: [String: String] = [:]
  ) throws -> Command {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Command(
      status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
  }

  /// The top of the project that this file belongs to.
  package static let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
