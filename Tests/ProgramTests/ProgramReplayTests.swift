import Foundation
import TestSupport
import Testing

@testable import Storage

extension ResultTests {
  /// Recorded windows read again by the program itself.
  @Suite("Replay") struct Replays {
    private static let weightNetwork =
      ["task=reweighting", "reweighting.hidden=128", "mode=reverse"]
      + ["learning-rate", "momentum", "weight-decay"].map { "hyperparameters.\($0).tuned=false" }

    static let cases: [String: [String]] = [
      "three hyperparameters": ["inner.steps=36"],
      "with a horizon": ["estimator=dmd-horizon", "window.carry=0.5"],
      "385 hyperparameters": weightNetwork,
    ]

    @Test("the run's own settings give the recorded bits", arguments: cases.keys.sorted())
    func bits(name: String) throws {
      let run = try TinyRun(Self.cases[name] ?? [])
      run.expectSuccess()
      let output = run.folder.path("answers.jsonl")
      let replay = try ProgramUnderTest.run(
        ["replay", run.folder.path("run"), "--estimator", "all", "--output", output])
      #expect(replay.exitCode == 0 && replay.errors.isEmpty, "\(replay.errors)")
      let windows = try run.lines(.windows)
      #expect(replay.output.contains("in \(windows.count) of \(windows.count) windows"))
      // And again by the file alone.
      let answers = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        .map { try JSONValue(parsing: $0.utf8) }
      var compared = 0
      for answer in answers where answer["fallback"] == .null {
        let window = windows.first { $0["window"] == answer["window"] }
        let recorded = window?["estimates"]?[answer["estimator"]?.string ?? ""]
        let (own, theirs) = (bits(answer["estimate"]), bits(recorded))
        #expect(!own.isEmpty && own == theirs, "\(answer["estimator"]?.string ?? "")")
        compared += 1
      }
      // `last` and `tail-mean` always have an answer.
      #expect(compared >= 2 * windows.count)
    }

    private func bits(_ value: JSONValue?) -> [UInt64] {
      (value?.array ?? []).compactMap { $0.double?.bitPattern }
    }

    @Test("mistakes end with 64 and one sentence, on any number of ranks", arguments: [nil, 2])
    func mistakes(ranks: Int?) throws {
      let run = try MadeUpRun(windows: 2, observed: 20)
      let cases: [([String], String)] = [
        (["replay", run.path, "--observed", "25"], "20 recorded steps, but 25"),
        (["replay", run.path, "--tolerance", "x"], "--tolerance x"),
        (["replay", "/nowhere"], "/nowhere holds no run"),
        (["replay", run.path, "--output", "/nowhere/x.csv"], "/nowhere/x.csv"),
      ]
      for (arguments, words) in cases {
        let result = try ProgramUnderTest.run(arguments, ranks: ranks)
        #expect(result.exitCode == 64, "\(result.errors)")
        #expect(result.output.isEmpty && result.errors.contains(words), "\(result.errors)")
        #expect(result.errorLines.count == 1 || ranks != nil, "\(result.errors)")
      }
    }
  }
}
