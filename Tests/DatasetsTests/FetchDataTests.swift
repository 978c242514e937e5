import Foundation
import Testing

/// `scripts/fetch-data --check`, the part that needs no network.
@Suite struct FetchDataTests {
  private static let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static let realData: String? =
    [
      ProcessInfo.processInfo.environment["GLOCAL_DATA"],
      project.appendingPathComponent("../shared/data").path,
    ].compactMap { $0 }.first { FileManager.default.fileExists(atPath: "\($0)/mnist") }

  private func check(_ set: String, _ folder: String) throws -> (code: Int32, text: String) {
    let script = Process()
    script.executableURL = Self.project.appendingPathComponent("scripts/fetch-data")
    script.arguments = ["--check", set, folder]
    let output = Pipe()
    script.standardOutput = output
    script.standardError = output
    try script.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    script.waitUntilExit()
    return (script.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test func missingAndDamagedFilesAreNamed() throws {
    let files = try TemporaryIDX()
    try files.writeSet()
    try files.compress("t10k-labels-idx1-ubyte")
    let result = try check("mnist", files.folder)
    #expect(result.code == 1)
    #expect(result.text.contains("mnist/t10k-labels-idx1-ubyte.gz has another checksum"))
    #expect(result.text.contains("mnist/train-images-idx3-ubyte.gz is missing"))
    #expect(!result.text.contains("complete"))
  }

  @Test func anUnknownSetIsRefused() throws {
    let result = try check("imagenet", "/nowhere")
    #expect(result.code == 64)
    #expect(result.text.contains("no data set imagenet"))
  }

  @Test(
    .enabled(if: realData != nil, "needs GLOCAL_DATA or ../shared/data"),
    arguments: ["mnist", "fashion-mnist"])
  func theOfficialFilesPass(_ set: String) throws {
    let result = try check(set, Self.realData ?? "")
    #expect(result.code == 0)
    #expect(result.text.contains("\(set) is complete"))
  }
}
