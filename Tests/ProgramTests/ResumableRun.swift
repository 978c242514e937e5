import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Runs
@testable import Storage

/// A run that is stopped and goes on, in a folder of its own.
final class ResumableRun {
  let folder: TemporaryFolder
  let images: TemporaryFolder
  let settings: [String]

  init(_ settings: [String]) throws {
    folder = try TemporaryFolder()
    images = try SmallIDX.folder()
    self.settings = settings
  }

  /// The run's folder.
  var path: String { folder.path("run") }

  /// `run … --resume`: begins it or goes on.
  func start(ranks: Int?) throws -> RunningRanks {
    try RunningRanks(
      "glocal-dist", TinyRun.arguments(settings, images) + ["--output", path, "--resume"],
      ranks: ranks, quiet: ranks != nil, environment: ["GLOCAL_DATA": ""])
  }

  /// `resume RUN`, to the end.
  func resume(_ options: [String] = [], ranks: Int? = nil) throws -> MultiRankRun {
    try ProgramUnderTest.run(["resume", path, "--data", images.path] + options, ranks: ranks)
  }

  /// Waits until so many windows are on disk, or the run has ended.
  func wait(for windows: Int, of run: RunningRanks) throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while run.isRunning, try lines(.windows).count < windows {
      try #require(ContinuousClock.now < deadline, "no window \(windows) within 30 s")
      usleep(1000)
    }
  }

  /// The bytes of a result; empty when it is missing.
  func bytes(_ file: RunFolder.File) -> [UInt8] {
    FileManager.default.contents(atPath: "\(path)/\(file.rawValue)").map { Array($0) } ?? []
  }

  /// The whole lines of a `.jsonl` file.
  func lines(_ file: RunFolder.File) throws -> [ArraySlice<UInt8>] {
    let bytes = bytes(file)
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1
    return bytes[...end].split(separator: UInt8(ascii: "\n"))
  }

  /// `run.log`.
  var log: String { String(decoding: bytes(.log), as: UTF8.self) }

  /// The names of the checkpoints.
  var checkpoints: [String] { FolderListing.names(in: "\(path)/checkpoints") }

  /// Asserts that the results are those of a run that was never stopped.
  func expectResults(
    of reference: TinyRun, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for file in [RunFolder.File.trajectory, .model, .bestModel, .weights, .weightNetwork] {
      #expect(
        bytes(file) == reference.bytes(file), "\(file.rawValue): \(comment)",
        sourceLocation: sourceLocation)
    }
    #expect(
      TinyRun.windowFiles(of: path) == reference.windowFiles, comment,
      sourceLocation: sourceLocation)
    #expect(!bytes(.model).isEmpty, comment, sourceLocation: sourceLocation)
    let windows = try lines(.windows).map { try Self.timeless(JSONValue(parsing: Array($0))) }
    let expected = try reference.lines(.windows).map(Self.timeless)
    #expect(windows == expected, comment, sourceLocation: sourceLocation)
    let summary = Self.timeless(try JSONValue(parsing: bytes(.summary)))
    #expect(
      summary == Self.timeless(try reference.summary), comment, sourceLocation: sourceLocation)
    let names = FolderListing.names(in: path) + checkpoints
    #expect(!names.contains { $0.contains("partial") }, "\(names)", sourceLocation: sourceLocation)
  }

  /// Without what may differ: where and how fast it ran.
  private static func timeless(_ value: JSONValue) -> JSONValue {
    .object(
      (value.members ?? []).filter {
        ![
          "seconds", "seconds_by_phase", "seconds_by_rank", "ranks", "grid", "versions",
        ].contains($0.key)
      })
  }
}
