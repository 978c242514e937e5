import Foundation
import TestSupport
import Testing

@testable import Storage

extension ProgramTests {
  /// A disk that fills up while a run writes its results.
  @Suite("Full disk") struct FullDisk {
    /// Bytes of a disk with room for the first files of a run, for the best model at first and not
    /// for its next one, and for all but a checkpoint; windows between two checkpoints.
    static let sizes = [
      (20_480, "null", ["model-best.safetensors", "windows.jsonl", "trajectory.jsonl", "run.log"]),
      (61_440, "null", ["model"]), (184_320, "10", ["checkpoints/window-000010.safetensors"]),
    ]

    @Test(
      "ends all ranks with one message and keeps whole lines", arguments: sizes, [nil, 3])
    func ends(disk: (bytes: Int, every: String, files: [String]), ranks: Int?) throws {
      let folder = try TemporaryFolder()
      let images = try SmallIDX.folder()
      let mounted = try Command.run(
        "mount", "-t", "tmpfs", "-o", "size=\(disk.bytes)", "tmpfs", folder.path)
      guard mounted.status == 0 else {
        try Test.cancel("only root can mount a small disk here: \(mounted.output)")
      }
      defer { _ = try? Command.run("umount", folder.path) }
      let run = try ProgramUnderTest.run(
        TinyRun.arguments(
          ["inner.steps=120", "window.observed=6", "checkpoint.every=\(disk.every)"], images)
          + ["--quiet", "--output", folder.path("run")], ranks: ranks)
      #expect(run.exitCode == 70)
      #expect(run.output.isEmpty)
      #expect(run.errorLines.count == 1, "\(run.errors)")
      #expect(run.errors.hasPrefix("glocal-dist: "))
      #expect(run.errors.contains("No space left on device") && run.errors.contains("--output"))
      #expect(
        disk.files.contains { run.errors.contains(folder.path("run/\($0)")) }, "\(run.errors)")
      for file in ["windows.jsonl", "trajectory.jsonl"] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("run/\(file)")))
        #expect(bytes.isEmpty || bytes.last == UInt8(ascii: "\n"), "\(file)")
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
          #expect(throws: Never.self) { try JSONValue(parsing: Array(line)) }
        }
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("run"))
      #expect(!names.contains { $0.contains("partial") || $0 == "model.safetensors" }, "\(names)")
    }
  }
}
