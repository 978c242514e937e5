import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Runs
@testable import Storage

extension ResultTests {
  /// `verify` as a user starts it.
  @Suite("Verify") struct Verify {
    /// Four windows of six steps; the truth is the mean of three.
    private static let size = ["--set", "inner.steps=24", "--average", "3"]

    private func verify(
      _ arguments: [String], ranks: Int? = nil, settings: [String] = [],
      environment: [String: String] = [:], in folder: TemporaryFolder
    ) throws -> MultiRankRun {
      let images = try SmallIDX.folder()
      return try ProgramUnderTest.run(
        ["verify", "glyphs"] + TinyRun.arguments(settings, images) + Self.size
          + ["--output", folder.path("run")] + arguments,
        ranks: ranks, environment: environment)
    }

    private func document(_ folder: TemporaryFolder) throws -> JSONValue {
      try JSONValue(parsing: Array(try folder.text("run/verify.json").utf8))
    }

    @Test("three ranks come to the bytes of one, whatever moves the hyperparameters")
    func sameBits() throws {
      for settings in [["method=none"], ["method=glocal", "window.carry=0.7"]] {
        let (one, three) = (try TemporaryFolder(), try TemporaryFolder())
        let arguments = ["--windows", "2", "--seeds", "2", "--decays", "0.5,1"]
        let single = try verify(arguments, settings: settings, in: one)
        #expect(single.exitCode == 0 && single.errors.isEmpty, "\(single.errors)")
        let several = try verify(arguments, ranks: 3, settings: settings, in: three)
        #expect(several.exitCode == 0 && several.errors.isEmpty, "\(several.errors)")
        let text = try one.text("run/verify.json")
        #expect(try three.text("run/verify.json") == text)
        #expect(several.output.components(separatedBy: "tail-mean").count > 3)
        #expect(several.output.components(separatedBy: "truth: φ frozen").count == 2)
      }
    }

    @Test("the file has the raw material and the scores of every family and estimator")
    func contents() throws {
      let folder = try TemporaryFolder()
      let run = try verify(
        [
          "--windows", "1,3", "--seeds", "18446744073709551615,", "--decays", "0.9",
          "--differences", "1",
        ],
        settings: ["method=local"], in: folder)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      let document = try document(folder)
      #expect(document["scores"]?.array?.count == 10)
      let windows = try #require(document["windows"]?.array)
      #expect(windows.compactMap { $0["window"]?.int } == [1, 3])
      #expect(windows.compactMap { $0["truth_step"]?.int } == [24, 24])
      let first = windows[0]
      #expect(first["seed"]?.string == "18446744073709551615" && first["phi"]?.array?.count == 3)
      #expect(first["truth_steps"]?.array?.count == 3)
      #expect(first["differences"]?.array?.count == 3)
      let families = try #require(first["families"]?.array)
      #expect(families.compactMap { $0["decay"]?.double } == [0, 0.9])
      // The run's first window: nothing was there to be carried.
      #expect(families[0]["trajectory"] == families[1]["trajectory"])
      #expect(families[0]["trajectory"]?.array?.count == 4)
      #expect(families[0]["answers"]?["tail-mean"]?["estimate"]?.array?.count == 3)
      let later = try #require(windows[1]["families"]?.array)
      #expect(later[0]["trajectory"] != later[1]["trajectory"])
      // The mean of the file's own rows.
      let truth = (first["truth"]?.array ?? []).compactMap(\.double)
      let rows = try #require(first["truth_steps"]?.array)
      let mean = rows.compactMap { $0.array?.first?.double }.reduce(0, +) / 3
      #expect(truth.count == 3 && truth[0] == mean)
    }

    @Test("many hyperparameters are counted together")
    func weights() throws {
      let folder = try TemporaryFolder()
      let run = try verify(
        ["--windows", "1", "--decays", "0.9"], ranks: 2,
        settings: [
          "task=reweighting", "reweighting.hidden=3", "window.length=6",
          "hyperparameters.learning-rate.tuned=false",
        ], in: folder)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.output.contains("hyperparameter(s)"))
      let header = run.output.split(separator: "\n").filter { $0.contains("columns  estimator") }
      #expect(header.count == 1 && !header[0].contains("hidden"), "\(run.output)")
      #expect(try document(folder)["windows"]?.array?[0]["phi"]?.array?.count == 12)
    }

    @Test("without gnuplot it says what to install, and the rest is there")
    func withoutGnuplot() throws {
      let folder = try TemporaryFolder()
      let run = try verify(
        ["--windows", "1", "--decays", "1", "--differences", "0", "--quiet"],
        environment: ["PATH": "/nowhere"], in: folder)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.output.contains("apt-get install gnuplot-nox"))
      #expect(run.output.hasPrefix("glyphs: 1 window(s)"))
      #expect(try folder.text("run/verify.gnuplot").contains("multiplot"))
    }

    @Test(
      "gnuplot draws it",
      .enabled(
        if: ProgramStart.executable(
          "gnuplot", path: ProcessInfo.processInfo.environment["PATH"] ?? "") != nil,
        "needs gnuplot: apt-get install gnuplot-nox"))
    func picture() throws {
      let folder = try TemporaryFolder()
      let run = try verify(["--windows", "2", "--decays", "0.5"], in: folder)
      #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
      let picture = try folder.text("run/verify.svg")
      #expect(picture.contains("<svg") && picture.contains("</svg>"))
      #expect(picture.contains("carry 0.5") && picture.contains("dmd-horizon"))
    }

    @Test(
      "what cannot be verified ends with 64 and a sentence",
      arguments: [
        (["--set", "mode=reverse"], "does not have. Set mode to auto or forward."),
        (["--set", "method=global"], "set the method to none, local or glocal."),
        (["--windows", "4,"], "the last one that can be verified is 3."),
        (["--horizon", "7"], "take at least 9"),
        (["--decays", "2"], "the decay is 2.0"),
        (
          ["--set", "method=none"]
            + ["learning-rate", "momentum", "weight-decay"].flatMap {
              ["--set", "hyperparameters.\($0).tuned=false"]
            }, "No hyperparameter is tuned"
        ),
      ], [nil, 3])
    func refuses(input: (arguments: [String], words: String), ranks: Int?) throws {
      let folder = try TemporaryFolder()
      let run = try verify(input.arguments, ranks: ranks, in: folder)
      #expect(run.exitCode == 64 && run.output.isEmpty)
      #expect(run.errors.hasPrefix("glocal-dist: ") && run.errors.contains(input.words))
      #expect(run.errors.filter { $0 == "\n" }.count == 1, "\(run.errors)")
      #expect(try folder.names.isEmpty)
    }

    @Test("lists are lists of numbers", arguments: ["--windows", "--seeds", "--decays"])
    func lists(option: String) throws {
      let run = try verify([option, "1,many"], in: try TemporaryFolder())
      #expect(run.exitCode == 64 && run.output.isEmpty)
      #expect(run.errors.contains("\(option) is a list such as "))
    }

    @Test("windows are counted from 1")
    func noWindow() throws {
      let run = try verify(["--windows", "0"], in: try TemporaryFolder())
      #expect(run.exitCode == 64 && run.output.isEmpty)
      #expect(run.errors.contains("--windows must be from 1"))
    }

    @Test("results are not written over")
    func again() throws {
      let folder = try TemporaryFolder()
      let arguments = ["--windows", "1", "--decays", "1", "--differences", "0"]
      #expect(try verify(arguments, in: folder).exitCode == 0)
      let text = try folder.text("run/verify.json")
      let run = try verify(arguments, in: folder)
      #expect(run.exitCode == 64 && run.errors.contains("holds a verification already"))
      #expect(try folder.text("run/verify.json") == text)
    }
  }
}
