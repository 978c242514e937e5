import Foundation
import MultiRankTesting
import TestSupport
import Testing

@testable import Runs
@testable import Storage

extension ProgramTests {
  /// What a run has recorded, and what going on may do to it.
  @Suite("Nothing recorded is lost or taken for something else") struct ResumingRecords {
    /// A run of six windows that was killed after the fourth.
    private func killed(_ settings: [String] = []) throws -> ResumableRun {
      let run = try ResumableRun(
        ["inner.steps=36", "checkpoint.every=2", "checkpoint.keep=5"] + settings)
      let first = try run.start(ranks: nil).finish()
      #expect(first.exitCode == 0 && first.errors.isEmpty, "\(first.errors)")
      for name in ["summary.json", "model.safetensors", "checkpoints/window-000006.safetensors"] {
        try FileManager.default.removeItem(atPath: "\(run.path)/\(name)")
      }
      return run
    }

    /// A way to change a file with lines.
    struct Damage: CustomTestStringConvertible, Sendable {
      let testDescription: String
      let change: @Sendable (inout [String]) -> Void
    }

    static let damages = [
      Damage(testDescription: "emptied") { $0 = [] },
      Damage(testDescription: "a line cut out") { $0.remove(at: 1) },
      Damage(testDescription: "two lines swapped") { $0.swapAt(0, 1) },
      Damage(testDescription: "a digit flipped") {
        $0[0] = $0[0].replacing(/\.(\d)/, maxReplacements: 1) { $0.1 == "7" ? ".8" : ".7" }
      },
    ]

    @Test(
      "a changed record is refused by name; forced, it is kept aside", arguments: damages,
      [RunFolder.File.trajectory, .windows, .weights])
    func changed(damage: Damage, file: RunFolder.File) throws {
      let settings =
        file == .weights
        ? ["task=reweighting", "reweighting.function=class", "mode=forward"] : ["mode=forward"]
      let reference = try TinyRun.shared(["inner.steps=36"] + settings)
      let run = try killed(settings)
      let path = "\(run.path)/\(file.rawValue)"
      var lines = try run.lines(file).map { String(decoding: $0, as: UTF8.self) }
      damage.change(&lines)
      let text = lines.map { $0 + "\n" }.joined()
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      let refused = try run.resume()
      #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(
        refused.errors.contains("\(path) is not the file that the checkpoint")
          && refused.errors.contains("window-000004.safetensors goes with")
          && refused.errors.contains("--force"), "\(refused.errors)")
      #expect(run.bytes(file) == Array(text.utf8))
      let forced = try run.resume(["--force"])
      #expect(forced.exitCode == 0 && forced.errors.isEmpty, "\(forced.errors)")
      try run.expectResults(of: reference, "\(damage.testDescription)")
      guard !text.isEmpty else { return }
      #expect(
        FileManager.default.contents(atPath: "\(run.path)/aside-1/\(file.rawValue)")
          == Data(text.utf8))
    }

    @Test(
      "a finished run without checkpoints is not started over, unless forced", arguments: [nil, 2])
    func finished(ranks: Int?) throws {
      let run = try ResumableRun(["inner.steps=18", "checkpoint.every=null", "mode=forward"])
      #expect(try run.start(ranks: nil).finish().exitCode == 0)
      let reference = try TinyRun.shared(["inner.steps=36", "mode=forward"])
      let files = RunFolder.File.allCases.filter { $0 != .log }
      let before = files.map(run.bytes)
      let longer = ["--set", "inner.steps=36"]
      let refused = try run.resume(longer, ranks: ranks)
      #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(refused.errors.contains("no checkpoint to go on from"), "\(refused.errors)")
      #expect(files.map(run.bytes) == before)
      let forced = try run.resume(longer + ["--force"], ranks: ranks)
      #expect(forced.exitCode == 0 && forced.errors.isEmpty, "\(forced.errors)")
      try run.expectResults(of: reference, "from the beginning")
      let aside = files.map {
        FileManager.default.contents(atPath: "\(run.path)/aside-1/\($0.rawValue)").map { Array($0) }
          ?? []
      }
      #expect(aside == before && run.log.contains("what was there is in \(run.path)/aside-1"))
    }

    @Test("what a run had come to is kept when it goes on for longer")
    func longer() throws {
      let run = try ResumableRun(["inner.steps=18", "mode=forward"])
      #expect(try run.start(ranks: nil).finish().exitCode == 0)
      let (summary, model) = (run.bytes(.summary), run.bytes(.model))
      let end = try run.resume(["--set", "inner.steps=36"])
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      let aside = RunFolder(known: "\(run.path)/aside-1")
      #expect(FileManager.default.contents(atPath: aside.path(of: .summary)) == Data(summary))
      #expect(FileManager.default.contents(atPath: aside.path(of: .model)) == Data(model))
      #expect(FolderListing.names(in: aside.path).count == 4)
    }

    @Test("checkpoints that cannot be used are no reason to start over by oneself")
    func damaged() throws {
      let run = try killed()
      for name in run.checkpoints {
        try Data("?".utf8).write(to: URL(fileURLWithPath: "\(run.path)/checkpoints/\(name)"))
      }
      let windows = run.bytes(.windows)
      let refused = try run.resume()
      #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(refused.errors.contains("None of the checkpoints in"), "\(refused.errors)")
      #expect(run.bytes(.windows) == windows)
      let forced = try run.resume(["--force"])
      #expect(forced.exitCode == 0 && forced.errors.isEmpty, "\(forced.errors)")
      #expect(
        FileManager.default.contents(atPath: "\(run.path)/aside-1/windows.jsonl")
          == Data(windows))
    }

    @Test("other images of the same sizes are named", arguments: [nil, 2])
    func otherImages(ranks: Int?) throws {
      let run = try killed()
      let other = try SmallIDX.folder()
      let path = other.path("mnist/train-images-idx3-ubyte")
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      bytes[5000] ^= 1
      try bytes.write(to: URL(fileURLWithPath: path))
      let arguments = ["resume", run.path, "--data", other.path]
      let refused = try ProgramUnderTest.run(arguments, ranks: ranks)
      #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(
        refused.errors.contains("The images are not those") && refused.errors.contains("--data"))
      let forced = try ProgramUnderTest.run(arguments + ["--force"], ranks: ranks)
      #expect(forced.exitCode == 0 && forced.errors.isEmpty, "\(forced.errors)")
      let summary = try JSONValue(parsing: run.bytes(.summary))
      #expect(summary["images_checksum"]?.string?.count == 8)
      // Its checkpoints are now those of the other images.
      try FileManager.default.removeItem(atPath: "\(run.path)/summary.json")
      #expect(try run.resume().errors.contains("The images are not those"))
      #expect(try ProgramUnderTest.run(arguments).exitCode == 0)
    }

    @Test("the configuration of the checkpoint counts, whatever config.yaml has become")
    func editedConfiguration() throws {
      let run = try killed()
      let path = "\(run.path)/config.yaml"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("batch: 24", with: "batch: 20")
        .write(toFile: path, atomically: true, encoding: .utf8)
      let refused = try run.resume()
      #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(refused.errors.contains("inner.batch: 24 -> 20"), "\(refused.errors)")
    }

    @Test("forced once, a run goes on by itself afterwards")
    func forcedOnce() throws {
      let run = try killed()
      let options = ["--set", "outer.learning-rate=0.02"]
      #expect(try run.resume(options + ["--force"]).exitCode == 0)
      #expect(run.log.contains("forced to go on with outer.learning-rate"))
      for name in ["summary.json", "checkpoints/window-000006.safetensors"] {
        try FileManager.default.removeItem(atPath: "\(run.path)/\(name)")
      }
      let again = try run.resume()
      #expect(again.exitCode == 0 && again.errors.isEmpty, "\(again.errors)")
      #expect(run.log.contains("resumed from window 4"))
    }

    @Test(
      "files that a run began with are not asked for again",
      arguments: [
        ["mode=forward"], ["mode=reverse", "precision=double"],
        ["method=global-restart", "global-restart.outer-steps=6"],
      ])
    func beginningFiles(settings: [String]) throws {
      let folder = try TemporaryFolder()
      let weights = ["task=reweighting", "reweighting.hidden=8"]
      let source = try TinyRun(["seed=7"] + weights)
      source.expectSuccess()
      let files = [RunFolder.File.model, .weightNetwork].map { file -> String in
        try? FileManager.default.copyItem(
          atPath: source.path(file), toPath: folder.path(file.rawValue))
        return folder.path(file.rawValue)
      }
      let settings =
        settings + weights + [
          "initial.parameters=\(files[0])", "reweighting.initial=\(files[1])",
          "evaluation.baseline=true",
        ]
      let reference = try TinyRun(
        ["inner.steps=36", "checkpoint.every=2", "checkpoint.keep=5"] + settings)
      reference.expectSuccess()
      let run = try killed(settings)
      for file in files { try FileManager.default.removeItem(atPath: file) }
      let end = try run.resume(ranks: 2)
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      try run.expectResults(of: reference, "without its files")
    }
  }
}
