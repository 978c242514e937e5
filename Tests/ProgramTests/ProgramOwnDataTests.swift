import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Storage

extension ProgramTests {
  /// Files of one's own, seen from outside.
  @Suite("Data of one's own") struct OwnData {
    typealias Part = SmallArrays.Part

    static func settings(_ folder: TemporaryFolder, _ more: String...) -> [String] {
      [
        "data.set=files", "data.train=\(folder.path("train.safetensors"))",
        "data.test=\(folder.path("test.safetensors"))",
      ] + more
    }

    static func digits() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try folder.write("train.safetensors", SmallArrays.digits(count: 160))
      try folder.write("test.safetensors", SmallArrays.digits(count: 20))
      return folder
    }

    /// The numbers that MNIST is usually normalised by.
    static let normalised = "data.normalise=[0.1307, 0.3081]"

    @Test("gives the bytes of the set that was packed", arguments: [nil, 3])
    func sameBytes(ranks: Int?) throws {
      let folder = try Self.digits()
      let changes = ["data.flip=true", "data.crop=2", "data.label-noise=0.3", "data.imbalance=3"]
      for more in [[], changes] {
        let packed = try TinyRun(Self.settings(folder, Self.normalised) + more, ranks: ranks)
        packed.expectSameBits(as: try TinyRun.shared(more), "\(more)")
        let found = try packed.summary["normalisation"]?["mean"]?.array?.first?.double
        #expect(found == 0.1307)
      }
    }

    @Test("weighs classes as the set that was packed does, and by the files' own number of them")
    func weights() throws {
      let folder = try Self.digits()
      let weights = ["task=reweighting", "reweighting.function=class", "mode=forward"]
      let packed = try TinyRun(Self.settings(folder, Self.normalised) + weights)
      packed.expectSameBits(as: try TinyRun.shared(weights), "weights")
      let more = try TinyRun(Self.settings(folder, "data.classes=12") + weights)
      more.expectSuccess()
      #expect(try more.summary["training_images_per_class"]?.array?.count == 12)
    }

    @Test("may have its validation examples in a file of their own")
    func validationFile() throws {
      let folder = try Self.digits()
      let run = try TinyRun(
        Self.settings(
          folder, "data.split=file", "data.validation-file=\(folder.path("test.safetensors"))"))
      run.expectSuccess()
      #expect(run.run.output.contains("160 training, 20 validation and 20 test images"))
    }

    /// Something wrong with the training file, and words about it.
    static let bad: [(name: String, bytes: [UInt8], words: [String])] = {
      let whole = SmallArrays.digits(count: 160)
      let labels = Part("targets", "I64", [160], (0..<160).map { Int64($0 % 10) })
      var pixels = [Float](repeating: 0.5, count: 160 * 784)
      pixels[150 * 784 + 2 * 28 + 3] = .nan
      return [
        ("cut", Array(whole.dropLast(100)), ["is cut short"]), ("empty", [], ["was cut short"]),
        ("html", Array("<html>not found</html>".utf8), ["is no safetensors file"]),
        (
          "lengths",
          SmallArrays.safetensors([
            Part("inputs", "U8", [159, 28, 28], [UInt8](repeating: 1, count: 159 * 784)), labels,
          ]), ["targets has 160 rows", "inputs has 159"]
        ),
        (
          "not finite",
          SmallArrays.safetensors([Part("inputs", "F32", [160, 28, 28], pixels), labels]),
          ["inputs has a number that is not finite", "at index [150, 2, 3]"]
        ),
        (
          "table",
          SmallArrays.safetensors([Part("inputs", "F32", [160, 784], pixels), labels]),
          ["network lenet: it takes images, not rows of 784 numbers"]
        ),
        (
          "label",
          SmallArrays.safetensors([
            Part("inputs", "U8", [160, 28, 28], [UInt8](repeating: 1, count: 160 * 784)),
            Part("targets", "I64", [160], (0..<160).map { Int64($0 == 7 ? -2 : $0 % 10) }),
          ]), ["targets has -2", "at index [7]"]
        ),
      ]
    }()

    /// A text, and a table with a number to predict.
    private static func files() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      let text = String(repeating: "the quick brown fox jumps over the lazy dog. ", count: 90)
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path("text.txt")))
      let rows = (0..<200).map { "\(Double($0) / 100),\($0 % 7),\(["a", "b"][$0 % 2]),\($0 % 11)" }
      try Data(("x,y,kind,z\n" + rows.joined(separator: "\n") + "\n").utf8)
        .write(to: URL(fileURLWithPath: folder.path("table.csv")))
      return folder
    }

    private static let short = [
      "inner.steps=8", "window.length=4", "window.observed=3", "dmd.stacks=2", "inner.batch=16",
      "parallel.shard=4", "evaluation.baseline=false", "data.validation=20",
    ]
    private static let text = [
      "data.set=text", "data.train=text.txt", "data.context=12", "inner.optimizer=adamw",
      "hyperparameters.learning-rate.initial=0.003", "network-dropout=0.1", "inner.clip=0.5",
    ]
    private static let table = [
      "data.set=files", "data.train=table.csv", "data.test=table.csv", "data.targets=z",
      "data.classes=none", "data.normalise=standard", "network=mlp-8-ln",
    ]

    @Test(
      "trains recurrent networks, transformers and perceptrons: same bits on four ranks, h also in reverse",
      arguments: [
        ["network=gru-6"] + text, ["network=transformer-1-8-2"] + text, table,
      ])
    func networks(settings: [String]) throws {
      let folder = try Self.files()
      func run(_ name: String, _ more: [String], ranks: Int?) throws -> (h: [Double], model: Data) {
        let paths = settings.map { setting in
          ["data.train=", "data.test="].contains { setting.hasPrefix($0) }
            ? setting.replacing("=", with: "=\(folder.path(""))", maxReplacements: 1) : setting
        }
        let result = try ProgramUnderTest.run(
          ["run"] + (Self.short + paths + more).flatMap { ["--set", $0] }
            + ["--quiet", "--output", folder.path(name)], ranks: ranks)
        #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result.errors)")
        let lines = try Data(
          contentsOf: URL(fileURLWithPath: folder.path("\(name)/trajectory.jsonl"))
        )
        .split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
        return (
          lines.flatMap { $0["h"]?.array ?? [] }.compactMap(\.double),
          try Data(contentsOf: URL(fileURLWithPath: folder.path("\(name)/model.safetensors")))
        )
      }
      let one = try run("one", ["mode=forward"], ranks: nil)
      let four = try run("four", ["mode=forward", "parallel.grid=2x2"], ranks: 4)
      #expect(!one.h.isEmpty && one.h == four.h && one.model == four.model)
      let double = ["precision=double", "method=local", "window.carry=0"]
      let forward = try run("forward", ["mode=forward"] + double, ranks: nil).h
      let reverse = try run("reverse", ["mode=reverse"] + double, ranks: nil).h
      #expect(forward.count == reverse.count && !forward.isEmpty)
      let largest = forward.map(abs).max() ?? 0
      for (a, b) in zip(forward, reverse) { #expect(abs(a - b) <= 1e-10 * largest) }
    }

    @Test("methods on a table without classes are compared, and searched, by their losses")
    func losses() throws {
      let folder = try Self.files()
      let settings =
        Self.short
        + Self.table.map { $0.replacing("table.csv", with: folder.path("table.csv")) }
      let words = settings.flatMap { ["--set", $0] }
      let compared = try ProgramUnderTest.run(
        ["compare", "--methods", "none,local", "--seeds", "0,1"] + words
          + ["--output", folder.path("compared")])
      #expect(compared.exitCode == 0, "\(compared.errors)")
      #expect(compared.output.contains("test loss") && !compared.output.contains("failed"))
      let rows = try JSONValue(
        parsing: Array(Data(contentsOf: URL(fileURLWithPath: folder.path("compared/compare.json"))))
      )
      for row in rows["rows"]?.array ?? [] {
        #expect((row["test_loss"]?.double ?? 0) > 0 && row["test_accuracy"] == .null)
        #expect(row["seeds"] == .integer(2) && row["failed"] == .integer(0))
      }
      let searched = try ProgramUnderTest.run(
        ["search", "--trials", "2"] + words + ["--output", folder.path("searched")])
      #expect(searched.exitCode == 0 && searched.output.contains(", test loss "))
      #expect(!searched.output.contains("nan"), "\(searched.output)")
      for ranks in [nil, 2] {
        let refused = try ProgramUnderTest.run(
          ["search", "--trials", "2", "--by", "validation-accuracy"] + words
            + ["--output", folder.path("refused")], ranks: ranks)
        #expect(refused.exitCode == 64, "\(refused.errors)")
        #expect(refused.errors.contains("--by validation-accuracy: needs classes, and the targets"))
      }
    }

    @Test("weights of classes without classes are refused, and networks that take something else")
    func withoutClasses() throws {
      let folder = try Self.files()
      let paths = ["data.set=text", "data.train=\(folder.path("text.txt"))", "data.context=12"]
      for (settings, words) in [
        (
          ["task=reweighting", "reweighting.function=class", "network=gru-4"],
          "reweighting.function class needs a class for each example"
        ),
        (["network=lenet"], "network lenet: it takes images, not sequences of 12 tokens"),
        (["network=mlp-4"], "network mlp-4: it takes rows of numbers or images"),
      ] {
        let result = try ProgramUnderTest.run(
          ["run"] + (Self.short + paths + settings).flatMap { ["--set", $0] }
            + ["--output", folder.path("run")])
        #expect(result.exitCode == 64 && result.errors.contains(words), "\(result.errors)")
      }
    }

    @Test(
      "that cannot be used is refused", arguments: zip(bad.indices, aloneOrOnThreeRanks(bad.count)))
    func refused(index: Int, ranks: Int?) throws {
      let bad = Self.bad[index]
      let folder = try Self.digits()
      try folder.write("train.safetensors", bad.bytes)
      // All are the same type, so that the training file alone is to blame.
      if bad.name == "not finite" || bad.name == "table" {
        try folder.write("test.safetensors", bad.bytes)
      }
      // The last ones are validated on.
      let run = try TinyRun(Self.settings(folder, "data.split=tail"), ranks: ranks)
      #expect(run.run.exitCode == 64, "\(bad.name)")
      #expect(run.run.errorLines.count == 1, "\(bad.name): \(run.run.errorLines)")
      for words in bad.words {
        #expect(run.run.errors.contains(words), "\(bad.name): \(run.run.errors)")
      }
    }

    @Test("that has grown is told when a run goes on")
    func grown() throws {
      let folder = try Self.digits()
      let settings = Self.settings(folder) + ["checkpoint.every=1"]
      let run = try TinyRun(settings)
      run.expectSuccess()
      let resume = ["resume", run.folder.path("run"), "--set", "inner.steps=18"]
      try folder.write("train.safetensors", SmallArrays.digits(count: 170))
      let refused = try ProgramUnderTest.run(resume)
      #expect(refused.exitCode == 64)
      #expect(refused.errors.contains("The data files are not those that the run was trained with"))
      try folder.write("train.safetensors", SmallArrays.digits(count: 160))
      #expect(try ProgramUnderTest.run(resume).exitCode == 0)
    }
  }
}
