import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Storage

extension ResultTests {
  /// Hypergradients with so many numbers that each window has a file of its own.
  @Suite("Files of windows") struct WindowFiles {
    /// 1200 weights and three hyperparameters of the optimizer, four windows.
    private static let settings = [
      "task=reweighting", "reweighting.function=example", "window.carry=0", "mode=reverse",
      "data.set=glyphs", "data.train-limit=1200", "inner.steps=20", "window.length=5",
      "window.observed=4", "dmd.stacks=2", "evaluation.baseline=false",
    ]
    private static let names = (1...4).map { "window-00000\($0).safetensors" }

    private static func numbers(_ name: String, _ run: String, _ window: Int) throws -> [Double] {
      try SafeTensorsFile(reading: RunFolder(known: run).path(ofWindow: window))
        .tensor(name, as: Double.self).values
    }

    private static func length(_ vector: some Sequence<Double>) -> Double {
      vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    @Test(
      "are not kept for trials, whose lines say how many numbers there were; reports still draw")
    func trials() throws {
      let search = try TinyTrials(
        ["search", "--range", "learning-rate=0.01,0.02", "--no-halving"],
        settings: Self.settings)
      #expect(try search.run(ranks: nil).exitCode == 0)
      for trial in ["001", "002"] {
        let path = "\(search.path)/trials/\(trial)/windows.jsonl"
        let texts = try #require(FileManager.default.contents(atPath: path))
          .split(separator: UInt8(ascii: "\n"))
        #expect(texts.count == 4 && texts.allSatisfy { $0.count < 3000 })
        for text in texts {
          let line = try JSONValue(parsing: Array(text))
          #expect(line["raw"] == nil && line["estimates"] == nil && line["used"] != .null)
          #expect(line["hypergradients"]?["count"]?.int == 1203)
          #expect((line["hypergradients"]?["norm"]?.double ?? 0) > 0)
        }
      }
      let report = try ProgramUnderTest.run(["report", search.path])
      #expect(report.exitCode == 0 && report.errors.isEmpty, "\(report.errors)")
      let one = try ProgramUnderTest.run(["report", "\(search.path)/trials/001"])
      #expect(one.exitCode == 0 && one.errors.isEmpty, "\(one.errors)")
    }

    @Test("hold what the lines leave out")
    func contents() throws {
      let run = try TinyRun(Self.settings)
      run.expectSuccess()
      let path = run.folder.path("run")
      #expect(run.bytes(.trajectory).isEmpty && run.windowFiles.keys.sorted() == Self.names)
      let texts = run.bytes(.windows).split(separator: UInt8(ascii: "\n"))
      #expect(texts.count == 4 && texts.allSatisfy { $0.count < 3000 })
      for (index, line) in try run.lines(.windows).enumerated() {
        let window = index + 1
        for key in ["raw", "raw_after", "estimates"] { #expect(line[key] == nil) }
        let summary = line["hypergradients"]
        #expect(summary?["file"]?.string == "trajectory/\(Self.names[index])")
        #expect(summary?["count"]?.int == 1203)
        let file = try SafeTensorsFile(reading: "\(path)/trajectory/\(Self.names[index])")
        #expect(file.shape(of: "h") == [4, 1203] && file.type(of: "h") == .float64)
        #expect(
          try Self.numbers("steps", path, window) == (2...5).map { Double(5 * index + $0) })
        let last = try Self.numbers("h", path, window).suffix(1203)
        #expect(try Array(last) == Self.numbers("estimates.last", path, window))
        let used = try Self.numbers(
          "estimates.\(try #require(line["used"]?.string))", path, window)
        // Two sums of 1203 squares in different orders.
        for (key, vector) in [("norm", Array(last)), ("estimate_norm", used)] {
          let (found, expected) = (summary?[key]?.double ?? .nan, Self.length(vector))
          #expect(expected > 0 && abs(found - expected) <= 1e-12 * expected, "\(key)")
        }
        let after = try Self.numbers("raw_after", path, window)
        #expect(try after != Self.numbers("raw", path, window))
        if window < 4 { #expect(try after == Self.numbers("raw", path, window + 1)) }
      }
    }

    @Test("are the same on two ranks, and few numbers have none")
    func ranks() throws {
      let reference = try TinyRun(Self.settings)
      let other = try TinyRun(Self.settings, ranks: 2)
      #expect(other.windowFiles.count == 4)
      other.expectSameBits(as: reference, "2 ranks")
      // 997 weights and three more: as many as go into a line.
      let few = try TinyRun(Self.settings + ["data.train-limit=997"])
      few.expectSuccess()
      #expect(few.windowFiles.isEmpty && !few.bytes(.trajectory).isEmpty)
      #expect(try few.lines(.windows).allSatisfy { $0["raw"]?.array?.count == 1000 })
    }

    @Test("hold φ alone where nothing is observed")
    func unobserved() throws {
      for (settings, observed) in [
        (["method=none"], []),
        (["method=truncated-global", "truncated-global.windows=2"], [2, 4]),
      ] {
        let run = try TinyRun(Self.settings + settings)
        run.expectSuccess()
        #expect(run.windowFiles.keys.sorted() == Self.names)
        let texts = run.bytes(.windows).split(separator: UInt8(ascii: "\n"))
        #expect(texts.count == 4 && texts.allSatisfy { $0.count < 3000 })
        for window in 1...4 {
          let path = RunFolder(known: run.folder.path("run")).path(ofWindow: window)
          let file = try SafeTensorsFile(reading: path)
          #expect(file.shape(of: "raw") == [1203] && file.shape(of: "raw_after") == [1203])
          #expect((file.shape(of: "h") != nil) == observed.contains(window), "window \(window)")
        }
        let report = try ProgramUnderTest.run(
          ["report", run.folder.path("run"), "--output", run.folder.path("page.html")], ranks: nil)
        #expect(report.exitCode == 0, "\(report.errors)")
        // Damage is told from what is missing by right.
        let path = RunFolder(known: run.folder.path("run")).path(ofWindow: 1)
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
        let damaged = try ProgramUnderTest.run(
          ["report", run.folder.path("run"), "--output", run.folder.path("page.html")], ranks: nil)
        #expect(damaged.exitCode != 0 && damaged.errors.contains(Self.names[0]))
      }
    }

    @Test("are replayed to the recorded bits, and reported")
    func readAgain() throws {
      let run = try TinyRun(Self.settings)
      let path = run.folder.path("run")
      let output = run.folder.path("answers.jsonl")
      let replay = try ProgramUnderTest.run(
        ["replay", path, "--estimator", "all", "--output", output])
      #expect(replay.exitCode == 0 && replay.errors.isEmpty, "\(replay.errors)")
      #expect(replay.output.contains("bit for bit in 4 of 4 windows"), "\(replay.output)")
      var compared = 0
      for text in try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n") {
        let answer = try JSONValue(parsing: text.utf8)
        guard answer["fallback"] == .null else { continue }
        let (name, window) = (answer["estimator"]?.string ?? "", answer["window"]?.int ?? 0)
        let own = answer["estimate"]?.array?.compactMap { $0.double?.bitPattern }
        let recorded = try Self.numbers("estimates.\(name)", path, window).map(\.bitPattern)
        #expect(own == recorded, "\(name) in window \(window)")
        compared += 1
      }
      // `last` and `tail-mean` always have an answer.
      #expect(compared >= 8)
      let page = run.folder.path("page.html")
      let report = try ProgramUnderTest.run(["report", path, "--output", page])
      #expect(report.exitCode == 0 && report.errors.isEmpty, "\(report.errors)")
      let html = try String(contentsOfFile: page, encoding: .utf8)
      #expect(html.contains("How far the 1200 numbers went") && html.contains("1203 numbers"))
      let own = "\(path)/trajectory/\(Self.names[0])"
      let refused = try ProgramUnderTest.run(
        ["export", path, "--schedule", "csv", "--output", own])
      #expect(refused.exitCode == 64 && refused.errors.contains("run's own trajectory/"))
    }

    @Test("are the same after a kill", arguments: [nil, 2])
    func killed(ranks: Int?) throws {
      let settings =
        Self.settings + ["inner.steps=60", "checkpoint.every=2", "checkpoint.keep=2"]
      let reference = try TinyRun(settings)
      reference.expectSuccess()
      #expect(reference.windowFiles.count == 12)
      let run = try ResumableRun(settings)
      let started = try run.start(ranks: ranks)
      try run.wait(for: 3, of: started)
      started.killAll()
      _ = try started.finish()
      #expect(try run.lines(.windows).count < 12, "it ran to its end")
      // A window that was written and never reached, as a kill at the wrong moment leaves it.
      let beyond = RunFolder(known: run.path).path(ofWindow: 13)
      try Data("?".utf8).write(to: URL(fileURLWithPath: beyond))
      let end = try run.resume()
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      #expect(run.log.contains("resumed from window "))
      try run.expectResults(of: reference, "killed on \(ranks ?? 1) rank(s)")
    }

    /// A way to damage the file of the second window.
    struct Damage: CustomTestStringConvertible, Sendable {
      let testDescription: String
      /// What a reader says of it.
      let words: String
      let change: @Sendable (String) throws -> Void

      init(
        _ name: String, _ words: String, _ change: @escaping @Sendable (String) throws -> Void
      ) {
        (testDescription, self.words, self.change) = (name, words, change)
      }

      /// Another value in place of a tensor.
      init(_ name: String, _ words: String, _ tensor: String, shape: [Int], _ values: [Double]) {
        self.init(name, words) { path in
          let file = try SafeTensorsFile(reading: path)
          let tensors = try file.names.map { name in
            name == tensor
              ? NamedTensor(name: name, shape: shape, values: values)
              : try file.tensor(name, as: Double.self)
          }
          try SafeTensorsFile.write(tensors, to: path)
        }
      }
    }

    static let damages = [
      Damage("missing", "is missing") { try FileManager.default.removeItem(atPath: $0) },
      Damage("empty", "it has 0 of 8 bytes") { try Data().write(to: URL(fileURLWithPath: $0)) },
      Damage("cut short", "bytes") {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: $0))
        try bytes.dropLast(100).write(to: URL(fileURLWithPath: $0))
      },
      Damage("a bit flipped", "its checksum is|has changed in its first") {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: $0))
        bytes[bytes.count - 1000] ^= 1
        try bytes.write(to: URL(fileURLWithPath: $0))
      },
      Damage(
        "h of two rows", "must have the shape", "h", shape: [2, 1203],
        [Double](repeating: 1, count: 2406)),
      Damage(
        "h in a row", "the shape [4812] for h", "h", shape: [4812],
        [Double](repeating: 1, count: 4812)),
      Damage(
        "other φ", "the shape [2] for raw", "raw", shape: [2], [1, 2]),
      Damage("steps of another window", "has other steps", "steps", shape: [4], [2, 3, 4, 5]),
      Damage("steps with a gap", "has other steps", "steps", shape: [4], [6, 7, 9, 10]),
      Damage("a step that is none", "has other steps", "steps", shape: [4], [7, .infinity, 9, 10]),
      Damage("no safetensors file", "cannot be used") {
        try Data(repeating: 0xff, count: 96872).write(to: URL(fileURLWithPath: $0))
      },
    ]

    @Test("are refused by name when they are damaged; forced, kept aside", arguments: damages)
    func damaged(damage: Damage) throws {
      let settings = Self.settings + ["checkpoint.every=3", "checkpoint.keep=5"]
      let run = try ResumableRun(settings)
      #expect(try run.start(ranks: nil).finish().exitCode == 0)
      let before = TinyRun.windowFiles(of: run.path)
      let path = RunFolder(known: run.path).path(ofWindow: 2)
      try damage.change(path)
      let page = run.folder.path("page.html")
      for arguments in [
        ["replay", run.path], ["report", run.path, "--output", page],
        ["export", run.path, "--schedule", "csv"],
      ] {
        let refused = try ProgramUnderTest.run(arguments)
        #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
        #expect(refused.errors.contains("\(path): "), "\(refused.errors)")
        #expect(
          damage.words.split(separator: "|").contains { refused.errors.contains($0) },
          "\(refused.errors)")
      }
      let changed = TinyRun.windowFiles(of: run.path)
      for name in ["summary.json", "model.safetensors", "checkpoints/window-000004.safetensors"] {
        try? FileManager.default.removeItem(atPath: "\(run.path)/\(name)")
      }
      let refused = try run.resume()
      #expect(refused.exitCode == 64 && refused.errorLines.count == 1, "\(refused.errors)")
      #expect(
        refused.errors.contains("\(path) is not the file that the checkpoint")
          && refused.errors.contains("window-000003.safetensors goes with"), "\(refused.errors)")
      #expect(TinyRun.windowFiles(of: run.path) == changed)
      let forced = try run.resume(["--force"])
      #expect(forced.exitCode == 0 && forced.errors.isEmpty, "\(forced.errors)")
      #expect(TinyRun.windowFiles(of: run.path) == before)
      #expect(TinyRun.windowFiles(of: "\(run.path)/aside-1") == changed)
    }
  }
}
