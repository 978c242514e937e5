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
          ["network lenet takes images of 1×28×28", "are numbers of shape [784]"]
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

    @Test("that cannot be used is refused", arguments: bad.indices, [nil, 3])
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
