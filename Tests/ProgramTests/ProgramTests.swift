import Foundation
import MultiRankTesting
import Synchronization
import TestSupport
import Testing

@testable import Runs
@testable import Storage

/// What `glocal-dist` does as a whole, seen from outside: its files, its messages, its exit codes.
///
/// One after the other: every case starts ranks, and two cores are soon full.
@Suite("The whole program", .serialized) enum ProgramTests {}

/// What it comes to: bits, methods, reports.
///
/// A second row of cases beside the first: while one waits for ranks to end, the other computes. Both rows
/// take about as long.
@Suite("Results of the whole program", .serialized) enum ResultTests {}

/// A run of a few seconds at most, and the folder it leaves.
struct TinyRun: Sendable {
  /// Two windows of six steps and eight shards, small enough for all ranks and grids of the tests.
  static let settings = [
    "inner.steps=12", "window.length=6", "window.observed=4", "dmd.stacks=2", "inner.batch=24",
    "parallel.shard=3", "data.set=mnist", "data.validation=40", "evaluation.baseline=false",
    // As in the paper; the tests of the others say so.
    "window.carry=0", "estimator=dmd", "outer.optimizer=adam", "divergence.rise=null",
  ]

  let run: MultiRankRun
  let folder: TemporaryFolder
  /// A few images, so that the ranks do not spend their time on drawing glyphs.
  let images: TemporaryFolder

  /// Runs with some settings over the tiny ones.
  ///
  /// - Parameters:
  ///   - ranks: nil starts the program without a launcher.
  ///   - options: further arguments.
  init(_ settings: [String] = [], ranks: Int? = nil, options: [String] = []) throws {
    folder = try TemporaryFolder()
    let isCIFAR = settings.contains("data.set=cifar-10")
    images = isCIFAR ? try SmallCIFAR.folder() : try SmallIDX.folder()
    run = try ProgramUnderTest.run(
      Self.arguments(settings + (isCIFAR ? ["data.partial=true"] : []), images) + [
        "--output", folder.path("run"),
      ] + options, ranks: ranks)
  }

  /// Runs on a grid, such as `2x4`; `1x1` without a launcher.
  init(_ settings: [String] = [], grid: String, options: [String] = []) throws {
    let ranks = grid.split(separator: "x").compactMap { Int($0) }.reduce(1, *)
    try self.init(settings, ranks: ranks == 1 ? nil : ranks, options: options + ["--grid", grid])
  }

  /// A run without a launcher that several tests look at and none of them changes: it is made once.
  static func shared(_ settings: [String] = []) throws -> TinyRun {
    try sharedRuns.withLock { runs in
      if let run = runs[settings] { return run }
      // Nothing else removes the folders of what lives as long as the process.
      if runs.isEmpty { atexit { TinyRun.sharedRuns.withLock { $0.removeAll() } } }
      let run = try TinyRun(settings)
      runs[settings] = run
      return run
    }
  }

  private static let sharedRuns = Mutex<[[String]: TinyRun]>([:])

  /// The command line of a tiny run.
  static func arguments(_ settings: [String], _ images: TemporaryFolder) -> [String] {
    (Self.settings + settings).flatMap { ["--set", $0] } + ["--data", images.path]
  }

  /// The path of a result.
  func path(_ file: RunFolder.File) -> String { folder.path("run/\(file.rawValue)") }

  /// The bytes of a result; empty when it is missing, which equals no result of a run.
  func bytes(_ file: RunFolder.File) -> [UInt8] {
    FileManager.default.contents(atPath: path(file)).map { Array($0) } ?? []
  }

  /// The lines of a `.jsonl` file.
  func lines(_ file: RunFolder.File) throws -> [JSONValue] {
    try bytes(file).split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }
  }

  /// `summary.json`.
  var summary: JSONValue { get throws { try JSONValue(parsing: bytes(.summary)) } }

  /// The files of windows that have their own, by name.
  var windowFiles: [String: Data] { Self.windowFiles(of: folder.path("run")) }

  /// The files of windows that have their own in a run's folder, by name.
  static func windowFiles(of path: String) -> [String: Data] {
    let folder = RunFolder(known: path).windowFolder
    return Dictionary(
      uniqueKeysWithValues: FolderListing.names(in: folder).map {
        ($0, FileManager.default.contents(atPath: "\(folder)/\($0)") ?? Data())
      })
  }

  /// Every number of `h` in `trajectory.jsonl`.
  var hypergradients: [Double] {
    get throws {
      try lines(.trajectory).flatMap { $0["h"]?.array ?? [] }.compactMap(\.double)
    }
  }

  /// Asserts that the run finished without a word of complaint.
  func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(run.exitCode == 0, sourceLocation: sourceLocation)
    #expect(run.errors.isEmpty, sourceLocation: sourceLocation)
    #expect(
      bytes(.trajectory).isEmpty != windowFiles.isEmpty, sourceLocation: sourceLocation)
  }

  /// Asserts that both runs came to the same trajectory and the same parameters, bit for bit.
  func expectSameBits(
    as other: TinyRun, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.exitCode == 0 && run.errors.isEmpty, comment, sourceLocation: sourceLocation)
    #expect(
      bytes(.trajectory) == other.bytes(.trajectory), comment, sourceLocation: sourceLocation)
    #expect(windowFiles == other.windowFiles, comment, sourceLocation: sourceLocation)
    #expect(bytes(.model) == other.bytes(.model), comment, sourceLocation: sourceLocation)
  }
}
