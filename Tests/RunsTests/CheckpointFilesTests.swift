import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Storage

/// The files around a checkpoint, without a run.
@Suite struct CheckpointFiles {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, _ name: String = "lines.jsonl") throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path(name)))
    return folder.path(name)
  }

  private func line(_ window: Int, _ rest: String = "") -> String {
    "{\"window\":\(window),\"h\":[0.5]\(rest)}\n"
  }

  @Test func linesAreCountedByWindow() throws {
    let text = line(1) + line(1) + line(2) + line(12)
    let path = try write(text + "{\"window\":12,\"h\":[0.")
    let all = try WindowLines(of: path)
    #expect(all.count == 4 && all.lastWindow == 12 && all.bytes == text.utf8.count)
    let two = try WindowLines(of: path, throughWindow: 11)
    #expect(two.count == 3 && two.lastWindow == 2)
    #expect(two.bytes == (line(1) + line(1) + line(2)).utf8.count)
    #expect(try WindowLines(of: path, throughWindow: 0) == WindowLines(of: folder.path("none")))
    #expect(try WindowLines(of: write(line(1) + "garbage\n" + line(2))).count == 1)
  }

  @Test func linesMayBeLongerThanAPieceOfTheFile() throws {
    let long = String(repeating: " ", count: 3 << 20)
    let path = try write(line(1, long) + line(2) + line(3, long) + line(4))
    let lines = try WindowLines(of: path, throughWindow: 3)
    #expect(lines.count == 3 && lines.bytes == 2 * long.utf8.count + 3 * line(1).utf8.count)
  }

  @Test func aFileIsCutBackAndGoesOn() throws {
    let path = try write(line(1) + line(2) + line(3) + "{\"win")
    let file = try JSONLinesFile(path: path, cutAfterWindow: 2)
    #expect(file.linesKept == 2)
    file.append(["window": 3, "h": [0.25]])
    try file.close()
    #expect(
      try folder.text("lines.jsonl") == line(1) + line(2) + "{\"window\":3,\"h\":[0.25]}\n")
  }

  @Test func aMarkKnowsWhatAFileWas() throws {
    let path = try write(line(1) + line(2))
    let file = try JSONLinesFile(path: path, cutAfterWindow: 1)
    file.append(["window": 2, "h": [0.25]])
    try file.flush()
    let mark = file.mark
    #expect(mark.lines == 2 && mark == FileMark(json: mark.json))
    #expect(try mark.difference(from: path) == nil)
    var counted = FileMark()
    counted.add(line: String(line(1).dropLast()))
    counted.add(line: #"{"window":2,"h":[0.25]}"#)
    #expect(counted == mark)
    // Longer is what a kill leaves; cut back, the file goes on with the same sums.
    file.append(["window": 3])
    try file.close()
    #expect(try mark.difference(from: path) == nil)
    let again = try JSONLinesFile(path: path, cutTo: mark)
    #expect(again.mark == mark)
    again.append(["window": 3, "h": []])
    try again.close()
    #expect(try again.mark.difference(from: path) == nil)
    #expect(try folder.text("lines.jsonl").hasSuffix("{\"window\":3,\"h\":[]}\n"))
    let text = try folder.text("lines.jsonl")
    _ = try write(text.replacing("0.5", with: "0.6"))
    #expect(try mark.difference(from: path)?.contains("has changed in its first") == true)
    _ = try write(line(1))
    #expect(try mark.difference(from: path)?.contains("bytes and had") == true)
    _ = try write("")
    #expect(try mark.difference(from: path)?.contains("has 0 bytes") == true)
    #expect(try mark.difference(from: folder.path("none")) == "is missing")
    #expect(try FileMark().difference(from: folder.path("none")) == nil)
    for wrong in [
      "{}", #"{"lines":-1,"bytes":0,"checksum":"00000000"}"#,
      #"{"lines":1,"bytes":-5,"checksum":"00000000"}"#,
      #"{"lines":1,"bytes":5,"checksum":"0"}"#,
    ] {
      #expect(FileMark(json: try JSONValue(parsing: Array(wrong.utf8))) == nil)
    }
  }

  @Test func theOldestCheckpointsGo() throws {
    let checkpoints = CheckpointFolder(path: folder.path("checkpoints"))
    try checkpoints.make()
    try checkpoints.make()
    for window in [9, 10, 999_999, 1_000_000] {
      try Data().write(to: URL(fileURLWithPath: checkpoints.file(window: window)))
    }
    #expect(checkpoints.windows == [9, 10, 999_999, 1_000_000])
    checkpoints.prune(keeping: 3)
    #expect(checkpoints.windows == [10, 999_999, 1_000_000])
    checkpoints.putAside(after: 10)
    #expect(checkpoints.windows == [10])
    #expect(FolderListing.names(in: checkpoints.path).count == 3)
  }

  @Test func aRunBelongsToOneProcess() throws {
    let first = try RunLog(taking: folder.path("run.log"), waiting: 0)
    try first.write("at work")
    let error = try #require(throws: RunFolderError.self) {
      try RunLog(continuing: folder.path("run.log"), waiting: 0.1)
    }
    #expect(error == .inUse(file: folder.path("run.log")))
    // The same command again may well go on: not for good, as 64 would be.
    #expect(error.exitCode == 75)
    try withExtendedLifetime(first) { try first.write("still at work") }
  }

  @Test func theChecksumIsCRC32() throws {
    // The check value of the CRC catalogue.
    var sum = Checksum()
    for piece in ["1234", "", "56789"] { Array(piece.utf8).withUnsafeBytes { sum.add($0) } }
    #expect(sum.text == "cbf43926")
    #expect(Checksum().text == Checksum.blank)
    // In two parts, the second from the text of the first.
    #expect(Checksum("0376e6e") == nil && Checksum("0376e6ex") == nil)
    var first = Checksum()
    Array("1234".utf8).withUnsafeBytes { first.add($0) }
    var rest = try #require(Checksum(first.text))
    Array("56789".utf8).withUnsafeBytes { rest.add($0) }
    #expect(rest.text == "cbf43926")
  }
}
