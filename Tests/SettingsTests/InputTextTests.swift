import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Settings
@testable import Storage

@Suite("Texts that people hand in", .timeLimit(.minutes(1)))
struct InputTextTests {
  private func sentence(_ path: String) -> String? {
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationText(path) }
    return error?.description
  }

  @Test("a file is read, and may be read again")
  func file() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("mine.yaml")
    try Data("seed: 3\n".utf8).write(to: URL(fileURLWithPath: path))
    let text = try ConfigurationText(path)
    #expect(text.yaml == "seed: 3\n" && text.name == path && text.isFile)
  }

  @Test("a named pipe is waited for, and read to its end")
  func pipe() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    // More than the 64 KiB that a pipe holds.
    let yaml = String(repeating: "# long\n", count: 20_000) + "seed: 3\n"
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/bin/sh")
    writer.arguments = ["-c", "sleep 0.3; cat \"$1\" >\"$2\"", "sh", folder.path("text"), path]
    try Data(yaml.utf8).write(to: URL(fileURLWithPath: folder.path("text")))
    try writer.run()
    let text = try ConfigurationText(path)
    writer.waitUntilExit()
    #expect(text.yaml == yaml && !text.isFile)
  }

  @Test("a pipe of the shell's without content is empty at once")
  func emptyPipe() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.close()
    let text = try ConfigurationText("/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)")
    #expect(text.yaml.isEmpty && !text.isFile)
  }

  @Test("what never ends is refused")
  func endless() throws {
    #expect(sentence("/dev/zero") == "/dev/zero: is longer than 1 MB. Give --config a YAML file.")
    let folder = try TemporaryFolder()
    let path = folder.path("long.yaml")
    try Data(repeating: 32, count: InputText.longest).write(to: URL(fileURLWithPath: path))
    #expect(try ConfigurationText(path).yaml.count == InputText.longest)
    try Data(repeating: 32, count: InputText.longest + 1).write(to: URL(fileURLWithPath: path))
    #expect(sentence(path)?.contains("is longer than 1 MB") == true)
  }

  @Test("what is not there, or no text, is named")
  func refusals() throws {
    let folder = try TemporaryFolder()
    #expect(sentence("/nowhere/x.yaml")?.hasPrefix("/nowhere/x.yaml: no such file.") == true)
    #expect(sentence(folder.path)?.hasPrefix("\(folder.path): is a folder.") == true)
    let path = folder.path("binary")
    try Data([0x73, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
    #expect(sentence(path) == "\(path): is not a text file in UTF-8.")
  }

  @Test("rates come through a pipe as well")
  func rates() throws {
    #expect(
      throws: RunError(
        "/dev/zero: is longer than 1 MB. Give --rates a file written by plan --json.")
    ) {
      try ComputeRates(file: "/dev/zero")
    }
  }
}

@Suite("Files that are read by position", .timeLimit(.minutes(1)))
struct InputFileTests {
  @Test("pipes and devices are refused")
  func noFiles() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    for path in [path, "/dev/zero", "/dev/null"] {
      let error = #expect(throws: FileError.self) { try InputFile(path: path) }
      #expect(
        error?.description == "cannot read \(path): it is a pipe or a device, not a file. Put its "
          + "content into a file, and name that.")
      #expect(throws: SafeTensorsError.self) { try SafeTensorsFile(reading: path) }
      #expect(throws: FileError.self) { try JSONLinesReader(path: path) }
    }
  }

  @Test("a document that has grown out of all proportion is refused")
  func tooLong() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("summary.json")
    try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
    #expect(truncate(path, 1 << 40) == 0)
    let error = #expect(throws: FileError.self) { try InputFile(path: path).all(limit: 1 << 28) }
    #expect(error?.description.contains("It is not what belongs there") == true)
  }
}
