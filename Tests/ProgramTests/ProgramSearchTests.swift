import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Storage

/// A search or a comparison over tiny trials, and the folder it leaves.
final class TinyTrials {
  let folder: TemporaryFolder
  let images: TemporaryFolder
  private let command: [String]

  /// Six windows, few and small images.
  static let settings = [
    "inner.steps=36", "window.length=6", "window.observed=4", "dmd.stacks=2", "inner.batch=24",
    "parallel.shard=3", "data.set=mnist", "data.validation=40", "window.carry=0",
    "estimator=dmd", "outer.optimizer=adam", "divergence.rise=null",
  ]

  init(_ command: [String], settings: [String] = TinyTrials.settings) throws {
    folder = try TemporaryFolder()
    images = try SmallIDX.folder()
    self.command =
      command + settings.flatMap { ["--set", $0] }
      + ["--data", images.path, "--output", folder.path("found"), "--resume"]
  }

  var path: String { folder.path("found") }

  func start(ranks: Int?, options: [String] = []) throws -> RunningRanks {
    try RunningRanks(
      "glocal-dist", command + options, ranks: ranks, quiet: ranks != nil,
      environment: ["GLOCAL_DATA": ""], timeout: 120)
  }

  func run(ranks: Int?, options: [String] = []) throws -> MultiRankRun {
    try start(ranks: ranks, options: options).finish()
  }

  /// A JSON file of the folder.
  func json(_ name: String) throws -> JSONValue {
    try JSONValue(parsing: bytes(name))
  }

  func bytes(_ name: String) -> [UInt8] {
    FileManager.default.contents(atPath: "\(path)/\(name)").map { Array($0) } ?? []
  }

  /// How many windows of all trials are on the disk.
  var windowCount: Int {
    FolderListing.names(in: "\(path)/trials").reduce(0) { sum, name in
      sum + bytes("trials/\(name)/windows.jsonl").count { $0 == UInt8(ascii: "\n") }
    }
  }

  /// All numbers but seconds: of the table, and of every window of every trial.
  func results() throws -> [JSONValue] {
    func lines(_ name: String) throws -> [JSONValue] {
      try bytes(name).split(separator: UInt8(ascii: "\n")).map {
        .object(try (JSONValue(parsing: $0).members ?? []).filter { $0.key != "seconds" })
      }
    }
    return try lines("trials.jsonl")
      + FolderListing.names(in: "\(path)/trials").flatMap { name in
        try lines("trials/\(name)/windows.jsonl")
      }
  }

  /// Asserts that another job came to the same, bit for bit.
  func expectResults(
    of other: TinyTrials, _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let expected = try other.results()
    #expect(!expected.isEmpty, comment, sourceLocation: sourceLocation)
    #expect(try results() == expected, comment, sourceLocation: sourceLocation)
    #expect(
      bytes("best/model.safetensors") == other.bytes("best/model.safetensors"), comment,
      sourceLocation: sourceLocation)
  }
}

extension ProgramTests {
  /// `search`: the same best trial wherever it runs, and whatever happens to it.
  @Suite("Searching") struct Searching {
    static let search = [
      "search", "--trials", "7", "--range", "learning-rate=0.001:1", "--rungs", "1,3",
    ]

    @Test("on one rank as on several, in whatever groups")
    func ranks() throws {
      let reference = try TinyTrials(Self.search)
      let first = try reference.run(ranks: nil)
      #expect(first.exitCode == 0 && first.errors.isEmpty, "\(first.errors)")
      #expect(first.output.contains("\nidle: ") && first.output.contains("\nbest: trial "))
      let table = try reference.bytes("trials.jsonl").split(separator: UInt8(ascii: "\n")).map {
        try JSONValue(parsing: $0)
      }
      #expect(table.count == 7)
      // The seven train a window, two of them three, the best one six.
      #expect(table.compactMap { $0["windows"]?.int }.sorted() == [1, 1, 1, 1, 1, 3, 6])
      let best = try #require(try reference.json("summary.json")["best"])
      #expect(best["windows"]?.int == 6 && best["status"]?.string == "finished")
      #expect(!reference.bytes("best/model.safetensors").isEmpty)
      for (ranks, options) in [(3, []), (4, []), (4, ["--groups", "2"])] as [(Int, [String])] {
        let other = try TinyTrials(Self.search)
        let run = try other.run(ranks: ranks, options: options)
        #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
        try other.expectResults(of: reference, "\(ranks) ranks \(options)")
      }
    }

    /// Columns that are carried, and a mode and a precision that have a state of their own.
    @Test(
      "the same whatever a trial carries from group to group",
      arguments: [
        ("carried:window.carry=0.9,precision=double", 4), ("adjoints:mode=reverse", 2),
        ("truncated-global:mode=reverse,truncated-global.windows=2", 2),
      ])
    func states(method: String, ranks: Int) throws {
      let command = ["search", "--trials", "3", "--no-halving", "--methods", method]
      let reference = try TinyTrials(command)
      #expect(try reference.run(ranks: nil).exitCode == 0)
      let other = try TinyTrials(command)
      let run = try other.run(ranks: ranks, options: ["--groups", "2"])
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      try other.expectResults(of: reference, "\(method)")
    }

    @Test("killed again and again, going on elsewhere")
    func killed() throws {
      let reference = try TinyTrials(Self.search)
      #expect(try reference.run(ranks: nil).exitCode == 0)
      let search = try TinyTrials(Self.search)
      var random = SplitMix(seed: 5)
      for ranks in [3, nil, 2] as [Int?] {
        let before = search.windowCount
        let started = try search.start(ranks: ranks)
        let deadline = ContinuousClock.now + .seconds(30)
        while started.isRunning, search.windowCount < before + 3 {
          try #require(ContinuousClock.now < deadline)
          usleep(1000)
        }
        usleep(UInt32.random(in: 0...20_000, using: &random))
        started.killAll()
        _ = try started.finish()
      }
      let end = try search.run(ranks: 2)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      try search.expectResults(of: reference, "killed three times")
      let again = try search.run(ranks: nil)
      #expect(again.exitCode == 0 && again.output.contains("nothing is left to do"))
    }

    @Test("from the checkpoint before a damaged one")
    func damaged() throws {
      let command = ["search", "--trials", "3", "--no-halving"]
      let reference = try TinyTrials(command)
      #expect(try reference.run(ranks: nil).exitCode == 0)
      let search = try TinyTrials(command)
      #expect(try search.run(ranks: nil).exitCode == 0)
      let checkpoints = FolderListing.names(in: "\(search.path)/trials/002/checkpoints")
      let newest = try #require(checkpoints.last)
      #expect(checkpoints.count == 2)
      try Data("damaged".utf8).write(
        to: URL(fileURLWithPath: "\(search.path)/trials/002/checkpoints/\(newest)"))
      try FileManager.default.removeItem(atPath: "\(search.path)/summary.json")
      let again = try search.run(ranks: 2)
      #expect(again.exitCode == 0 && again.errors.isEmpty, "\(again.errors)")
      #expect(String(decoding: search.bytes("run.log"), as: UTF8.self).contains("cannot be used"))
      try search.expectResults(of: reference, "damaged")
    }

    @Test("asked to stop by a signal to one rank", arguments: [nil, 3])
    func signalled(ranks: Int?) throws {
      let settings = Self.steps(300)
      let command = ["search", "--trials", "3", "--no-halving"]
      let reference = try TinyTrials(command, settings: settings)
      #expect(try reference.run(ranks: nil).exitCode == 0)
      let search = try TinyTrials(command, settings: settings)
      let started = try search.start(ranks: ranks)
      let deadline = ContinuousClock.now + .seconds(30)
      while started.isRunning, search.windowCount < 3 {
        try #require(ContinuousClock.now < deadline)
        usleep(1000)
      }
      kill(ranks == nil ? started.identifier : try #require(started.processes.last), SIGUSR1)
      let stopped = try started.finish()
      #expect(stopped.exitCode == 75, "\(stopped.errors)")
      #expect(stopped.errors.contains("Go on with the same command"))
      let end = try search.run(ranks: 2)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      try search.expectResults(of: reference, "signal")
    }

    @Test("a trial that diverges is recorded and the search goes on")
    func diverging() throws {
      let search = try TinyTrials([
        "search", "--range", "learning-rate=0.01,0.9", "--no-halving", "--set",
        "divergence.policy=stop",
      ])
      let run = try search.run(ranks: 2)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      let summary = try search.json("summary.json")
      #expect(summary["failed"]?.int == 1 && summary["finished"]?.int == 1)
      #expect(summary["best"]?["trial"]?.int == 1)
      let failure = try search.json("trials/002/failure.json")
      #expect(failure["reason"]?.string?.hasPrefix("Training diverged in window ") == true)
      #expect(search.bytes("trials/002/summary.json").isEmpty)
    }

    @Test("a search in which every trial fails says so")
    func hopeless() throws {
      let search = try TinyTrials([
        "search", "--range", "learning-rate=0.9", "--set", "divergence.policy=stop",
      ])
      let run = try search.run(ranks: nil)
      #expect(run.exitCode == 70, "\(run.errors)")
      #expect(run.errors.contains("No trial finished"), "\(run.errors)")
    }

    private static func steps(_ count: Int) -> [String] {
      TinyTrials.settings.filter { !$0.hasPrefix("inner.steps") } + ["inner.steps=\(count)"]
    }
  }

  /// `compare`: the program around the plan.
  @Suite("Comparing") struct Comparing {
    @Test("methods and baselines, on one rank as on three")
    func ranks() throws {
      let command = [
        "compare", "--methods", "none,paper,best-cosine,random-search,mine:window.carry=0.5",
        "--seeds", "0,1", "--sweep", "0.01,0.1", "--starts", "learning-rate=0.001,0.03", "--set",
        "hyperparameters.momentum.initial=0.5",
      ]
      let reference = try TinyTrials(command)
      let first = try reference.run(ranks: nil)
      #expect(first.exitCode == 0 && first.errors.isEmpty, "\(first.errors)")
      for words in ["equal steps, from learning-rate 0.001", "equal compute (at most ", " ± "] {
        #expect(first.output.contains(words), "\(first.output)")
      }
      let rows = try #require(try reference.json("compare.json")["rows"]?.array)
      // Four methods at equal steps, five at equal compute, from two starts.
      #expect(rows.count == 2 * 4 + 2 * 5)
      #expect(rows.allSatisfy { $0["seeds"]?.int == 2 && $0["failed"]?.int == 0 })
      #expect(String(decoding: reference.bytes("compare.csv"), as: UTF8.self).contains("mine"))
      let other = try TinyTrials(command)
      let run = try other.run(ranks: 3)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      try other.expectResults(of: reference, "3 ranks")
    }
  }

  /// What can be wrong with the options of both.
  @Suite("Trials that cannot be") struct TrialRefusals {
    static let inputs: [([String], Int?, String)] = [
      (["search", "glyfs"], nil, "Did you mean glyphs?"),
      (["search", "--trials", "0"], nil, "--trials must be from 1 to 10000"),
      (["search", "--range", "learning-rate=1:0"], 3, "--range learning-rate=1:0"),
      (["search", "--range", "learning-rate=0.1,1.5"], 3, "sigmoid"),
      (["search", "--groups", "2"], 3, "--groups 2 does not divide 3 rank(s)"),
      (["search", "--seeds", "1,x"], nil, "--seeds must be different numbers"),
      (["search", "--by", "test"], nil, "validation-loss or validation-accuracy"),
      (["search", "--resume"], nil, "--resume needs --output"),
      (["search", "--set", "parallel.grid=1x1"], nil, "leave it auto"),
      (["search", "--strategy", "pbt", "--eta", "2"], nil, "--strategy pbt has no --eta"),
      (["search", "--strategy", "pbt", "--rungs", "2"], nil, "say --every N"),
      (["search", "--strategy", "pbt", "--no-halving"], nil, "leave one of them out"),
      (["search", "--strategy", "pbt", "--every", "0"], nil, "--every must be from 1"),
      (["search", "--strategy", "pbt", "--trials", "1"], 3, "at least two trials"),
      (["search", "--every", "2"], nil, "--every belongs to --strategy pbt"),
      (["search", "lenet-mnist"], 3, "--data DIR"),
      (["compare", "--methods", "best"], nil, "there is no method \"best\""),
      (["compare", "--methods", "none", "--reference", "paper"], 3, "--reference paper"),
      (["compare", "--sweep", "0.1,0.1"], nil, "--sweep"),
    ]

    @Test("are refused in one sentence", arguments: inputs)
    func refuses(arguments: [String], ranks: Int?, words: String) throws {
      let folder = try TemporaryFolder()
      let output = arguments.contains("--resume") ? [] : ["--output", folder.path("x")]
      let run = try ProgramUnderTest.run(arguments + output, ranks: ranks)
      #expect(run.exitCode == 64, "\(run.errors)")
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(run.seconds <= 30)
      #expect(try folder.names.isEmpty)
    }

    @Test("another plan, and the folder of a run")
    func refusesFolders() throws {
      let search = try TinyTrials(["search", "--trials", "2", "--no-halving"])
      #expect(try search.run(ranks: nil).exitCode == 0)
      let table = search.bytes("trials.jsonl")
      let other = try search.run(ranks: nil, options: ["--set", "seed=3"])
      #expect(other.exitCode == 64)
      #expect(other.errors.contains("was begun with another plan (trial 1: "), "\(other.errors)")
      #expect(search.bytes("trials.jsonl") == table)
    }
  }
}
