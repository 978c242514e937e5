import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Storage

@Suite struct RunFolderMaking {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func refusal(_ path: String) throws -> String {
    try #require(throws: RunFolderError.self) { try RunFolder(at: .named(path)) }.description
  }

  @Test func holdsTheFilesOfARun() throws {
    let run = try RunFolder(at: .named(folder.path("out/")))
    try run.writeConfiguration("seed: 0\n")
    let windows = try run.startWindows()
    windows.append(["window": 1, "loss": 0.1])
    try windows.close()
    let trajectory = try run.startTrajectory()
    trajectory.append(window: 1, step: 31, h: [0.1, -.infinity])
    try trajectory.close()
    try RunLog(taking: run.path(of: .log), waiting: 0).write("two\nlines")
    try run.writeSummary(["test_accuracy": 0.9])
    try run.writeModel([NamedTensor<Float>(name: "w", shape: [1], values: [1])])
    try run.writeModel(
      [NamedTensor<Float>(name: "w", shape: [1], values: [2])], as: .bestModel)
    try AtomicFile.write("", to: run.path(of: .graph))
    try run.startWeights().close()
    try run.writeWeights(
      [NamedTensor<Double>(name: "w", shape: [1], values: [1])], as: .weightNetwork)
    try run.writeWeights(
      [NamedTensor<Double>(name: "w", shape: [1], values: [1])], as: .weightFunction)
    try run.writeWeights(
      [NamedTensor<Double>(name: "w", shape: [1], values: [1])], as: .exampleWeights)
    try run.writeLowestWeights("index\n")
    // Nothing temporary is left behind.
    #expect(
      try folder.names.isEmpty == false
        && FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
          == RunFolder.File.allCases.map(\.rawValue).sorted()
    )
    #expect(try folder.text("out/config.yaml") == "seed: 0\n")
    #expect(try folder.text("out/windows.jsonl") == #"{"window":1,"loss":0.1}"# + "\n")
    #expect(
      try folder.text("out/trajectory.jsonl")
        == #"{"window":1,"step":31,"h":[0.10000000000000001,null],"h_non_finite":{"1":"-inf"}}"#
        + "\n")
    #expect(try folder.text("out/summary.json") == "{\n  \"test_accuracy\": 0.9\n}\n")
    let log = try folder.text("out/run.log")
    #expect(log.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}  two\n +lines\n/) != nil)
  }

  @Test(arguments: RunFolder.File.allCases) func neverTakesAFolderWithARun(file: RunFolder.File)
    throws
  {
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path(file.rawValue)))
    let text = try refusal(folder.path)
    #expect(text.contains("already holds a run (\(file.rawValue))") && text.contains("--output"))
    #expect(try folder.names == [file.rawValue])
  }

  @Test func takesAnEmptyFolderOrOneWithOtherFiles() throws {
    try Data().write(to: URL(fileURLWithPath: folder.path("notes.txt")))
    _ = try RunFolder(at: .named(folder.path))
    #expect(try folder.names == ["notes.txt"])
  }

  @Test func saysWhatStandsInTheWay() throws {
    try Data().write(to: URL(fileURLWithPath: folder.path("file")))
    #expect(try refusal(folder.path("a/b")).contains("\(folder.path("a")) does not exist"))
    #expect(try refusal(folder.path("file")).contains("is a file"))
    #expect(try refusal(folder.path("file/out")).contains("\(folder.path("file")) is a file"))
    #expect(try refusal("/proc/out").contains("cannot create /proc/out"))
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aFolderWithoutWritePermission() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    #expect(try refusal(folder.path("out")).contains("Permission denied"))
    #expect(try refusal(folder.path).contains("Permission denied"))
  }

  @Test func whoIsSecondChangesNothing() throws {
    let first = try RunFolder.begin(at: .named(folder.path))
    try first.folder.writeConfiguration("seed: 1\n")
    // Before the first one has said anything, and after.
    for words in ["already holds a run (run.log)", "already holds a run (config.yaml)"] {
      if words.contains("log") { unlink(first.folder.path(of: .configuration)) }
      let error = try #require(throws: RunFolderError.self) {
        _ = try RunFolder.begin(at: .named(folder.path))
      }
      #expect(error.description.contains(words) && error.exitCode == 64, "\(error)")
      try first.folder.writeConfiguration("seed: 1\n")
    }
    #expect(try folder.text("config.yaml") == "seed: 1\n")
    // One that may go on as well waits, and then asks to be started again.
    let error = try #require(throws: RunFolderError.self) {
      _ = try RunFolder.begin(at: .named(folder.path), waiting: 0.1)
    }
    #expect(error.exitCode == 75, "\(error)")
    withExtendedLifetime(first) {}
  }

  @Test func aStartThatWasKilledLeavesTheFolderFree() throws {
    _ = try RunFolder.begin(at: .named(folder.path))
    #expect(try folder.names == ["run.log"])
    try withExtendedLifetime(RunFolder.begin(at: .named(folder.path))) {
      try $0.log.write("at work")
    }
    let error = try #require(throws: RunFolderError.self) {
      _ = try RunFolder.begin(at: .named(folder.path))
    }
    #expect(error == .holdsRun(folder: folder.path, file: "run.log"))
  }

  @Test func whatIsPutAsideIsNeverOverwritten() throws {
    let run = try RunFolder(at: .named(folder.path))
    #expect(try run.putAside(RunFolder.records) == nil)
    for round in 1...2 {
      try run.writeConfiguration("seed: \(round)\n")
      try run.writeSummary(["round": .integer(round)])
      try Data("\(round)\n".utf8).write(to: URL(fileURLWithPath: run.path(of: .windows)))
      #expect(
        try run.putAside(RunFolder.results, copying: RunFolder.growing)
          == folder.path("aside-\(round)"))
      #expect(try folder.text("windows.jsonl") == "\(round)\n")
    }
    for round in 1...2 {
      #expect(try folder.text("aside-\(round)/config.yaml") == "seed: \(round)\n")
      #expect(try folder.text("aside-\(round)/windows.jsonl") == "\(round)\n")
      #expect(try folder.text("aside-\(round)/summary.json").contains("\(round)"))
    }
    #expect(try folder.names == ["aside-1", "aside-2", "config.yaml", "windows.jsonl"])
  }

  @Test func aSecondRunCannotStartTheSameFiles() throws {
    let first = try RunFolder(at: .named(folder.path))
    let second = try RunFolder(at: .named(folder.path))
    _ = try first.startWindows()
    let error = try #require(throws: FileError.self) { try second.startWindows() }
    #expect(error.code == EEXIST)
  }
}

@Suite struct FullDisk {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aLineThatDoesNotFitIsATypedError() throws {
    let file = try JSONLinesFile(path: "/dev/full", digits: .shortest, flags: 0)
    file.append(["window": 1])
    let error = try #require(throws: FileError.self) { try file.flush() }
    #expect(error.code == ENOSPC && error.action == .write && error.path == "/dev/full")
    #expect(error.description.contains("No space left on device"))
    #expect(error.description.contains("No line of it was kept."))
    #expect(error.description.contains("Free space"))
    #expect(file.linesKept == 0)
  }

  @Test func aFullDiskKeepsWholeLinesAndOldFiles() throws {
    // A real full disk: short writes, then ENOSPC. Only root can make one.
    let mount = try Command.run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path)
    if mount.status != 0 { try Test.cancel("no small disk can be mounted here: only root may") }
    defer { _ = try? Command.run("umount", folder.path) }
    let run = try RunFolder(at: .named(folder.path))
    try run.writeSummary(["old": true])
    let file = try run.startTrajectory()
    var failure: FileError?
    var flushed = 0
    for step in 1...1000 where failure == nil {
      file.append(window: 1, step: step, h: (0..<100).map { Double($0) / 3 })
      do throws(FileError) {
        try file.flush()
        flushed = step
      } catch { failure = error }
    }
    #expect(failure?.code == ENOSPC)
    #expect(failure?.description.contains("Its first \(flushed) lines are whole and kept.") == true)
    let text = try folder.text("trajectory.jsonl")
    #expect(flushed > 0 && text.hasSuffix("}\n") && text.split(separator: "\n").count == flushed)
    let values = [Float](repeating: 1, count: 100_000)
    let model = try #require(throws: FileError.self) {
      try run.writeModel([NamedTensor<Float>(name: "w", shape: [100_000], values: values)])
    }
    #expect(model.description.contains("No file was left under that name."))
    let summary = try #require(throws: FileError.self) {
      try run.writeSummary(["new": .string(String(repeating: "x", count: 100_000))])
    }
    #expect(summary.description.contains("The earlier file is as it was."))
    #expect(try folder.text("summary.json") == "{\n  \"old\": true\n}\n")
    #expect(try folder.names == ["summary.json", "trajectory.jsonl"])
  }
}
