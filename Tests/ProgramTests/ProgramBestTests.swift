import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Storage

extension ProgramTests {
  /// The model with the lowest validation loss, and runs that end because no better one came.
  @Suite("The best model") struct Best {
    /// Steps so large that the loss goes up and down.
    static let settings = [
      "inner.steps=30", "checkpoint.every=1", "checkpoint.keep=100", "outer.learning-rate=0.5",
      "hyperparameters.learning-rate.initial=0.1",
    ]
    static let methods = [
      "none", "local", "glocal", "global", "truncated-global", "global-restart",
    ]

    /// The first of the windows with the lowest loss, from 1.
    private static func bestWindow(_ lines: [JSONValue]) -> Int {
      let losses = lines.map { $0["validation_loss"]?.double ?? .infinity }
      return 1 + (losses.firstIndex(of: losses.min() ?? 0) ?? -1)
    }

    private static func tensors(_ path: String) throws -> [String: [Float]] {
      let file = try SafeTensorsFile(reading: path)
      return try Dictionary(
        uniqueKeysWithValues: file.names.map { name in
          (name, try file.tensor(name, shape: file.shape(of: name) ?? [], as: Float.self).values)
        })
    }

    @Test("is kept beside the last one, whatever the method", arguments: methods)
    func isKept(method: String) throws {
      let settings = Self.settings + ["method=\(method)", "global-restart.outer-steps=3"]
      let run = try TinyRun(settings)
      #expect(run.run.exitCode == 0 && run.run.errors.isEmpty, "\(run.run.errors)")
      let lines = try run.lines(.windows)
      let window = Self.bestWindow(lines)
      let best = try #require(try run.summary["best"])
      #expect(best["window"]?.int == window)
      #expect(best["step"] == lines[window - 1]["last_step"])
      #expect(best["validation_loss"] == lines[window - 1]["validation_loss"])
      #expect(best["validation_accuracy"] == lines[window - 1]["validation_accuracy"])
      #expect(try run.summary["ended_early"] == .bool(false))
      let kept = try Self.tensors(run.path(.bestModel))
      let last = try Self.tensors(run.path(.model))
      #expect((kept == last) == (window == lines.count))
      if window == lines.count {
        #expect(best["test_loss"] == (try run.summary["test_loss"]))
      } else {
        #expect(run.run.output.contains("lowest validation loss"))
        // The checkpoint after that window has the same parameters.
        let file = run.folder.path("run/checkpoints/window-00000\(window).safetensors")
        let then = try CheckpointFile(verifying: file)
        var numbers = [Float](repeating: 0, count: then.tensors.shape(of: "parameters")?[0] ?? 0)
        try numbers.withUnsafeMutableBufferPointer { try then.read("parameters", into: $0) }
        #expect(numbers.sorted() == kept.values.flatMap { $0 }.sorted())
      }
    }

    @Test("patience ends a run, on any number of ranks", arguments: [nil, 3])
    func patience(ranks: Int?) throws {
      let reference = try TinyRun(Self.settings + ["method=local"])
      let lines = try reference.lines(.windows)
      let losses = lines.map { $0["validation_loss"]?.double ?? .infinity }
      // The first window that is no better than one before it.
      let end = try #require(
        losses.indices.dropFirst().first { last in
          losses[..<last].contains { $0 <= losses[last] }
        })
      try #require(end + 1 < lines.count, "training gets better to its end: \(losses)")
      let run = try TinyRun(
        Self.settings + ["method=local", "inner.patience=1"], ranks: ranks)
      #expect(run.run.exitCode == 0 && run.run.errors.isEmpty, "\(run.run.errors)")
      #expect(try run.lines(.windows).count == end + 1)
      #expect(try run.summary["ended_early"] == .bool(true))
      #expect(try run.summary["windows"]?.int == end + 1)
      #expect(try run.summary["steps"]?.int == 6 * (end + 1))
      #expect(try run.summary["best"]?["window"]?.int == end)
      #expect(run.run.output.contains("1 window without a better validation loss (inner.patience)"))
      // More of it goes on where that run ended, and comes to the same end as none.
      let command = ["resume", run.folder.path("run"), "--data", run.images.path, "--set"]
      let less = try ProgramUnderTest.run(command + ["inner.batch=12"])
      #expect(less.exitCode == 64 && less.errors.contains("inner.batch: 24 -> 12"))
      let more = try ProgramUnderTest.run(command + ["inner.patience=null"])
      #expect(more.exitCode == 0 && more.errors.isEmpty, "\(more.errors)")
      run.expectSameBitsAfterwards(as: reference)
    }

    @Test("going back before the best window, it is that of the windows before")
    func goingBack() throws {
      let settings = Self.settings + ["method=glocal"]
      let reference = try TinyRun(settings)
      reference.expectSuccess()
      for kept in [0, 1, 4] {
        let run = try ResumableRun(settings)
        #expect(try run.start(ranks: nil).finish().exitCode == 0)
        for name in run.checkpoints.dropFirst(kept) {
          try FileManager.default.removeItem(atPath: "\(run.path)/checkpoints/\(name)")
        }
        try FileManager.default.removeItem(atPath: "\(run.path)/summary.json")
        try Data("of windows that are trained anew".utf8).write(
          to: URL(fileURLWithPath: "\(run.path)/model-best.safetensors"))
        let end = try run.resume(ranks: kept == 1 ? 2 : nil)
        #expect(end.exitCode == 0, "\(end.errors)")
        try run.expectResults(of: reference, "\(kept) checkpoints left")
      }
    }

    @Test("of a search, best has it too; patience ends its trials")
    func search() throws {
      let folder = try TemporaryFolder()
      let images = try SmallIDX.folder()
      let result = try ProgramUnderTest.run(
        ["search", "lenet-mnist", "--trials", "2", "--rungs", "3", "--quiet"]
          + TinyRun.arguments(Self.settings + ["inner.patience=1", "method=local"], images)
          + ["--output", folder.path("search")])
      #expect(result.exitCode == 0, "\(result.errors)")
      let best = folder.path("search/best")
      let kept = try SafeTensorsFile(reading: "\(best)/model-best.safetensors")
      let summary = try JSONValue(
        parsing: Array(try Data(contentsOf: URL(fileURLWithPath: "\(best)/summary.json"))))
      let window = try #require(summary["best"]?["window"]?.int)
      #expect(kept.metadata.contains { $0.key == "window" && $0.text == "\(window)" })
      #expect(summary["ended_early"] == .bool((summary["windows"]?.int ?? 0) < 5))
    }
  }
}

extension TinyRun {
  /// Asserts that a run that went on has the results of another one.
  func expectSameBitsAfterwards(
    as other: TinyRun, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for file in [RunFolder.File.trajectory, .model, .bestModel] {
      // Not both of them: a failure would print every byte.
      let isSame = !bytes(file).isEmpty && bytes(file) == other.bytes(file)
      #expect(isSame, "\(file.rawValue)", sourceLocation: sourceLocation)
    }
  }
}
