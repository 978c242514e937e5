import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Runs

/// One thing that cannot be run, and words of the sentence that says so.
struct BadInput: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let arguments: [String]
  var words: [String]
  var code: Int32 = 64

  /// Something wrong with settings alone.
  init(_ settings: [String], _ words: String...) {
    testDescription = settings.joined(separator: " ")
    arguments = settings.flatMap { ["--set", $0] }
    self.words = words
  }

  /// Something wrong with other arguments.
  init(arguments: [String], _ words: String...) {
    testDescription = arguments.joined(separator: " ")
    self.arguments = arguments
    self.words = words
  }

  /// Asserts that the program says it once, promptly, on any number of ranks, and writes nothing.
  func expectRefusal(
    ranks: Int?, environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try TemporaryFolder()
    let images = try SmallIDX.folder()
    let output = arguments.contains("--output") ? [] : ["--output", folder.path("run")]
    let run = try ProgramUnderTest.run(
      TinyRun.arguments([], images) + arguments + output, ranks: ranks, environment: environment)
    #expect(run.exitCode == code, "\(run.errors)", sourceLocation: sourceLocation)
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    #expect(run.errors.hasPrefix("glocal-dist: "), sourceLocation: sourceLocation)
    let lines = run.errors.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2, "one line: \(run.errors)", sourceLocation: sourceLocation)
    for word in words {
      #expect(run.errors.contains(word), "\(run.errors)", sourceLocation: sourceLocation)
    }
    // mpirun itself takes a second, a busy machine a few more; a hang lasts until its timeout of 60.
    #expect(run.seconds <= 30, sourceLocation: sourceLocation)
    #expect(try folder.names.isEmpty, sourceLocation: sourceLocation)
  }
}

extension ProgramTests {
  /// What a user may get wrong: one sentence, all ranks end, nothing is written.
  @Suite("Bad input") struct BadInputs {
    static let settings = [
      BadInput(["window.observed=7"], "7 observed steps do not fit into a window of 6"),
      BadInput(["dmd.stacks=3"], "4 observed steps are too few for 3 stacks", "dmd.stacks + 2"),
      BadInput(
        ["learning-rate", "momentum", "weight-decay"].map { "hyperparameters.\($0).tuned=false" },
        "glocal has no hyperparameter to tune"),
      BadInput(["window.lenght=3"], "window.lenght", "unknown key. Did you mean window.length?"),
      BadInput(["inner.batch=many"], "inner.batch", "many"),
      BadInput(["precision=half"], "must be one of float, double"),
      BadInput(["window.carry=1.5"], "window.carry", "1.5"),
      BadInput(["inner.steps=25"], "25 steps are no multiple of window.length, 6"),
      BadInput(["data.validation=160"], "160", "validation"),
      BadInput(["data.validation=20000"], "20000", "validation"),
      BadInput(["inner.batch=121"], "inner.batch is 121", "120 training images"),
      BadInput(["data.train-limit=20"], "minibatch of 24", "20"),
      BadInput(["initial.parameters=/nowhere/model.safetensors"], "cannot open /nowhere/model"),
      BadInput(["data.set=kmnist"], "kmnist/train-images-idx3-ubyte[.gz] is missing"),
      BadInput(arguments: ["--output", "/nowhere/deep/run"], "/nowhere/deep does not exist"),
      BadInput(arguments: ["--output", "/etc/hostname/run"], "/etc/hostname is a file"),
      BadInput(arguments: ["--output", "/proc/run"], "/proc/run"),
    ]

    @Test("in settings and paths", arguments: zip(settings, aloneOrOnThreeRanks(settings.count)))
    func refuses(input: BadInput, ranks: Int?) throws { try input.expectRefusal(ranks: ranks) }

    @Test(
      "in the number of ranks",
      arguments: [
        (
          9,
          BadInput(
            ["momentum", "weight-decay"].map { "hyperparameters.\($0).tuned=false" }
              + ["mode=forward"],
            "9 ranks are more than there is work for", "1 would idle", "Start 8 ranks")
        ),
        (3, BadInput(arguments: ["--grid", "2x2"], "the grid 2x2 needs 4 ranks, not 3")),
        (nil, BadInput(arguments: ["--grid", "2x2"], "the grid 2x2 needs 4 ranks, not 1")),
        (
          4,
          BadInput(
            arguments: ["--grid", "4x1", "--set", "mode=forward"], "more column groups than the 3",
            "rank(s) 3 would idle")
        ),
        (
          3,
          BadInput(
            arguments: ["--grid", "1x3", "--set", "parallel.shard=12"], "2 shard(s)",
            "rank(s) 2 would idle")
        ),
        (3, BadInput(arguments: ["--ranks", "2"], "the launcher started 3 ranks")),
      ] as [(Int?, BadInput)])
    func refusesRanks(ranks: Int?, input: BadInput) throws {
      try input.expectRefusal(ranks: ranks)
    }

    @Test("in a folder that holds a run, which stays as it is", arguments: [nil, 3])
    func refusesFolder(ranks: Int?) throws {
      let first = try TinyRun()
      first.expectSuccess()
      let before = RunFolder.File.allCases.map(first.bytes)
      try BadInput(
        arguments: ["--output", first.folder.path("run")],
        "the output folder \(first.folder.path("run")) already holds a run"
      ).expectRefusal(ranks: ranks)
      #expect(RunFolder.File.allCases.map(first.bytes) == before)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: first.folder.path("run")).count == 8)
    }
  }
}
