import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Runs
@testable import Storage

extension ProgramTests {
  /// What stands in the way of going on, and what only seems to.
  @Suite("Resuming with care") struct ResumingWithCare {
    /// A finished run of four windows, as if it had been killed just before its end.
    private func unfinished() throws -> ResumableRun {
      let run = try ResumableRun(["inner.steps=24", "checkpoint.every=1"])
      let first = try run.start(ranks: nil).finish()
      #expect(first.exitCode == 0 && first.errors.isEmpty, "\(first.errors)")
      try FileManager.default.removeItem(atPath: "\(run.path)/summary.json")
      try FileManager.default.removeItem(atPath: "\(run.path)/model.safetensors")
      #expect(run.checkpoints == ["window-000003.safetensors", "window-000004.safetensors"])
      return run
    }

    /// A way to spoil a file, and words about it.
    struct Damage: CustomTestStringConvertible, Sendable {
      let testDescription: String
      let words: String
      let change: @Sendable (inout Data) -> Void
    }

    static let damages = [
      Damage(testDescription: "a bit of a tensor", words: "its checksum is") {
        $0[$0.count - 1000] ^= 4
      },
      Damage(testDescription: "a digit of the record", words: "its checksum is") {
        guard let place = $0.firstRange(of: Data("\\\"step\\\":2".utf8)) else { return }
        $0[place.upperBound - 1] = UInt8(ascii: "3")
      },
      Damage(testDescription: "its second half", words: "of") { $0.removeLast($0.count / 2) },
      Damage(testDescription: "all of it", words: "it has 0 of 8 bytes") { $0.removeAll() },
    ]

    @Test("a damaged checkpoint is named and the one before is used", arguments: damages)
    func damaged(damage: Damage) throws {
      let reference = try TinyRun.shared(["inner.steps=24"])
      let run = try unfinished()
      let url = URL(fileURLWithPath: "\(run.path)/checkpoints/window-000004.safetensors")
      var bytes = try Data(contentsOf: url)
      damage.change(&bytes)
      try bytes.write(to: url)
      let end = try run.resume()
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      for text in [end.output, run.log] {
        #expect(text.contains("\(url.path) cannot be used: "), "\(text)")
        #expect(text.contains(damage.words) && text.contains("resumed from window 3"), "\(text)")
      }
      try run.expectResults(of: reference, "\(damage.testDescription)")
    }

    @Test("a record that ends before the checkpoint is refused; forced, the one before is used")
    func shortRecord() throws {
      let reference = try TinyRun.shared(["inner.steps=24"])
      let run = try unfinished()
      // Three windows and a piece of the fourth.
      let lines = try run.lines(.windows)
      let kept = lines[..<3].flatMap { $0 + [UInt8(ascii: "\n")] } + lines[3].prefix(20)
      try Data(kept).write(to: URL(fileURLWithPath: "\(run.path)/windows.jsonl"))
      let refused = try run.resume(ranks: 2)
      #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(refused.errors.contains("\(run.path)/windows.jsonl is not the file that the"))
      let end = try run.resume(["--force"], ranks: 2)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      #expect(run.log.contains("resumed from window 3"))
      try run.expectResults(of: reference, "a short record")
    }

    @Test("without a checkpoint the run starts from its beginning", arguments: [nil, 2])
    func fromTheBeginning(ranks: Int?) throws {
      let reference = try TinyRun.shared(["inner.steps=24"])
      let run = try unfinished()
      try FileManager.default.removeItem(atPath: "\(run.path)/checkpoints")
      let end = try run.resume(ranks: ranks)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      #expect(end.output.contains("no checkpoint to go on from: starting from the beginning"))
      try run.expectResults(of: reference, "from the beginning")
    }

    @Test(
      "a changed configuration is refused by its keys, unless forced",
      arguments: [
        (["inner.batch=20", "outer.learning-rate=0.2"], ["inner.batch: 24 -> 20", "outer.learn"]),
        (["inner.steps=18"], ["inner.steps: 24 -> 18"]), (["seed=1"], ["seed: 0 -> 1"]),
        // Another number of threads sums in another order.
        (["parallel.threads=2"], ["parallel.threads: 1 -> 2"]),
      ], [nil, 2])
    func changed(change: (settings: [String], words: [String]), ranks: Int?) throws {
      let run = try unfinished()
      let files = [RunFolder.File.configuration, .windows, .trajectory, .log]
      let before = files.map(run.bytes)
      let options = change.settings.flatMap { ["--set", $0] }
      let refused = try run.resume(options, ranks: ranks)
      #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
      for word in change.words + ["--force"] { #expect(refused.errors.contains(word)) }
      #expect(files.map(run.bytes) == before)
      let forced = try run.resume(options + ["--force"], ranks: ranks)
      #expect(forced.exitCode == 0 && forced.errors.isEmpty, "\(forced.errors)")
      #expect(run.log.contains("resumed from window 4"))
    }

    @Test("what decides no number may change")
    func freeChanges() throws {
      let reference = try TinyRun(["inner.steps=24", "evaluation.interval=1"])
      let run = try unfinished()
      let end = try run.resume(
        ["--grid", "1x2", "--set", "checkpoint.keep=1", "--set", "evaluation.interval=3"], ranks: 2)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      #expect(run.bytes(.model) == reference.bytes(.model))
      #expect(run.bytes(.trajectory) == reference.bytes(.trajectory))
    }

    @Test("a finished run goes on for longer, or not at all")
    func extended() throws {
      let reference = try TinyRun(["inner.steps=36"])
      let run = try ResumableRun(["inner.steps=18"])
      #expect(try run.start(ranks: nil).finish().exitCode == 0)
      let files = RunFolder.File.allCases.map(run.bytes)
      let again = try run.start(ranks: 2).finish()
      #expect(again.exitCode == 0 && again.errors.isEmpty, "\(again.errors)")
      #expect(again.output.contains("nothing is left to do"))
      #expect(RunFolder.File.allCases.map(run.bytes) == files)
      let end = try run.resume(["--set", "inner.steps=36"], ranks: 2)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      #expect(run.log.contains("resumed from window 3"))
      #expect(run.bytes(.trajectory) == reference.bytes(.trajectory))
      #expect(run.bytes(.model) == reference.bytes(.model))
      // What `dmd-horizon` would have said, which looks ahead, is all that may differ in them.
      let windows = try run.lines(.windows).map { try JSONValue(parsing: Array($0)) }
      #expect(windows.map { $0["window"]?.int } == [1, 2, 3, 4, 5, 6])
    }

    @Test(
      "not where its windows went by the steps to come",
      arguments: ["window.carry=remaining", "inner.schedule=cosine"])
    func lookedAhead(setting: String) throws {
      let run = try ResumableRun(["inner.steps=18", setting])
      #expect(try run.start(ranks: nil).finish().exitCode == 0)
      let end = try run.resume(["--set", "inner.steps=36"])
      #expect(end.exitCode == 64 && end.errors.contains("inner.steps: 18 -> 36"), "\(end.errors)")
      // The other key is to blame.
      let (key, value) = (setting.prefix { $0 != "=" }, setting.drop { $0 != "=" }.dropFirst())
      #expect(end.errors.contains("but \(key) is \(value): "), "\(end.errors)")
    }

    @Test("there must be a run", arguments: [nil, 2])
    func noRun(ranks: Int?) throws {
      let folder = try TemporaryFolder()
      let run = try ProgramUnderTest.run(["resume", folder.path], ranks: ranks)
      #expect(run.exitCode == 64 && run.errorLines.count == 1, "\(run.errors)")
      #expect(run.errors.contains("\(folder.path) holds no run"))
      #expect(try folder.names.isEmpty)
    }
  }
}
