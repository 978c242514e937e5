import Foundation
import TestSupport
import Testing

@testable import Runs
@testable import Storage

extension ResultTests {
  /// Models of one's own, seen from outside.
  @Suite("A model of one's own") struct OwnModel {
    /// A folder with data for the small models.
    static func data(_ kind: String = "classes") throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      for (name, count) in [("train", 160), ("test", 23)] {
        let bytes =
          switch kind {
          case "numbers": OwnModels.numbers(count: count)
          case "tokens": OwnModels.tokens(count: count)
          default: OwnModels.rows(count: count)
          }
        try folder.write("\(name).safetensors", bytes)
      }
      return folder
    }

    /// The settings of a model with data in files.
    static func settings(_ model: String, _ data: TemporaryFolder, _ more: [String] = [])
      -> [String]
    {
      [
        "network=\(OwnModels.path(model))", "data.set=files",
        "data.train=\(data.path("train.safetensors"))",
        "data.test=\(data.path("test.safetensors"))",
      ] + (model == "numbers" ? ["data.classes=none"] : []) + more
    }

    /// The names of the tensors of a safetensors file.
    static func names(_ path: String) throws -> [String] {
      try SafeTensorsFile(reading: path).names.sorted()
    }

    @Test(
      "gives the same bytes on four ranks, the same h in reverse, and its file with trained weights",
      arguments: [
        (
          "classes", ["hidden.bias", "hidden.weight", "head.bias", "head.weight"],
          ["mode=forward"]
        ), ("numbers", ["hidden.bias", "hidden.weight", "head.bias", "head.weight"], []),
        ("tokens", ["token.weight"], []),
      ])
    func bits(model: String, names: [String], more: [String]) throws {
      let data = try Self.data(model)
      let settings = Self.settings(model, data, more)
      let one = try TinyRun(settings)
      one.expectSuccess()
      let four = try TinyRun(settings, grid: "2x2")
      four.expectSameBits(as: one, "\(model)")
      #expect(one.bytes(.graph) == four.bytes(.graph) && !one.bytes(.graph).isEmpty)
      #expect(try Self.names(one.path(.model)) == names.sorted())
      // What was written can be trained on, from where it is.
      let again = try TinyRun(
        settings.map { $0.hasPrefix("network=") ? "network=\(one.path(.graph))" : $0 })
      again.expectSuccess()
      #expect(again.bytes(.model) != one.bytes(.model))
      let double = settings + ["precision=double", "method=local"]
      let forward = try TinyRun(double + ["mode=forward"]).hypergradients
      let reverse = try TinyRun(double + ["mode=reverse"]).hypergradients
      let largest = forward.map(abs).max() ?? 0
      #expect(forward.count == reverse.count && largest > 0)
      for (a, b) in zip(forward, reverse) { #expect(abs(a - b) <= 1e-10 * largest) }
    }

    @Test(
      "takes images of a set that the program knows, and their rows", arguments: ["images", "rows"])
    func images(model: String) throws {
      let settings = ["network=\(OwnModels.path(model))"]
      let one = try TinyRun(settings)
      one.expectSuccess()
      try TinyRun(settings, grid: "1x3").expectSameBits(as: one, "\(model)")
      let says = one.run.output.contains("inputs [1, 28, 28] are reshaped to [784] for x")
      #expect(says == (model == "rows"))
      #expect(try one.summary["test_class_accuracies"]?.array?.count == 10)
    }

    @Test("weighs classes and examples, and has rates of its layers")
    func tasks() throws {
      let data = try Self.data()
      for more in [
        ["task=reweighting", "reweighting.function=class"],
        ["task=reweighting", "reweighting.function=example", "reweighting.listed=5"],
        ["hyperparameters.learning-rate.per-layer=true"],
        ["inner.optimizer=adam", "window.carry=0.5"],
      ] {
        let run = try TinyRun(Self.settings("classes", data, more))
        run.expectSuccess()
        guard more[0].contains("per-layer") else { continue }
        let names = try run.summary["hyperparameters"]?.members?.map(\.key) ?? []
        #expect(names.contains("learning-rate[hidden]") && names.contains("learning-rate[head]"))
      }
    }

    @Test("keeps what is frozen, draws what is to be drawn, and starts from another file")
    func starts() throws {
      let data = try Self.data()
      let plain = try TinyRun(Self.settings("classes", data))
      let frozen = try TinyRun(Self.settings("classes", data, ["network-freeze=[head.*]"]))
      frozen.expectSuccess()
      #expect(try Self.names(frozen.path(.model)) == ["hidden.bias", "hidden.weight"])
      let drawn = try TinyRun(Self.settings("classes", data, ["initial.draw=true"]))
      let again = try TinyRun(Self.settings("classes", data, ["initial.draw=true"]))
      let other = try TinyRun(Self.settings("classes", data, ["initial.draw=true", "seed=1"]))
      drawn.expectSuccess()
      drawn.expectSameBits(as: again, "drawn twice")
      #expect(drawn.bytes(.model) != plain.bytes(.model))
      #expect(drawn.bytes(.model) != other.bytes(.model))
      let continued = try TinyRun(
        Self.settings("classes", data, ["initial.parameters=\(plain.path(.model))"]))
      let fromGraph = try TinyRun(
        Self.settings("classes", data).map {
          $0.hasPrefix("network=") ? "network=\(plain.path(.graph))" : $0
        })
      // The files of the models have other names in them.
      #expect(try !continued.hypergradients.isEmpty)
      #expect(continued.bytes(.trajectory) == fromGraph.bytes(.trajectory))
    }

    @Test("goes back to PyTorch, with the same loss of the test set")
    func backToPyTorch() throws {
      let data = try Self.data()
      let run = try TinyRun(Self.settings("classes", data))
      let python = ProcessInfo.processInfo.environment["GLOCAL_PYTHON"] ?? "python3"
      let imports = "import sys, torch; from safetensors.torch import load_file\n"
      guard try Command.run(arguments: [python, "-c", imports]).status == 0 else {
        try Test.cancel("\(python) has no PyTorch with safetensors; GLOCAL_PYTHON may name one")
      }
      let program = """
        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.hidden, self.head = torch.nn.Linear(4, 6), torch.nn.Linear(6, 3)
            def forward(self, x):
                return self.head(torch.tanh(self.hidden(x)))
        net = Net()
        net.load_state_dict(load_file(sys.argv[1]))
        test = load_file(sys.argv[2])
        print(torch.nn.functional.cross_entropy(net(test["inputs"]), test["targets"]).item())
        """
      let found = try Command.run(
        arguments: [
          python, "-c", imports + program, run.path(.model), data.path("test.safetensors"),
        ])
      let loss = try #require(
        Double(found.output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(found.output)")
      let expected = try #require(try run.summary["test_loss"]?.double)
      #expect(abs(loss - expected) <= 1e-6 * expected)
    }

    @Test("killed at a random moment, goes on elsewhere")
    func killed() throws {
      let data = try Self.data()
      let settings = Self.settings("classes", data, ["inner.steps=72", "checkpoint.every=1"])
      let reference = try TinyRun(settings)
      reference.expectSuccess()
      let run = try ResumableRun(settings)
      for ranks in [2, nil] as [Int?] {
        let started = try run.start(ranks: ranks)
        try run.wait(for: ranks == nil ? 8 : 3, of: started)
        started.killAll()
        _ = try started.finish()
      }
      let end = try run.start(ranks: 3).finish()
      #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
      try run.expectResults(of: reference, "killed twice")
      #expect(run.bytes(.graph) == reference.bytes(.graph))
    }

    @Test("that has changed is told when a run goes on; one that was moved is not")
    func changed() throws {
      let data = try Self.data()
      let model = data.path("mine.onnx")
      let files = FileManager.default
      try files.copyItem(atPath: OwnModels.path("classes"), toPath: model)
      let settings =
        ["network=\(model)", "checkpoint.every=1"] + Self.settings("classes", data).dropFirst()
      let run = try TinyRun(Array(settings))
      run.expectSuccess()
      let resume = ["resume", run.folder.path("run"), "--set", "inner.steps=18"]
      try files.removeItem(atPath: model)
      try files.copyItem(atPath: run.path(.graph), toPath: model)
      let refused = try ProgramUnderTest.run(resume)
      #expect(refused.exitCode == 64)
      #expect(
        refused.errors.contains("\(model) is not the model that the run was trained with"),
        "\(refused.errors)")
      try files.removeItem(atPath: model)
      let missing = try ProgramUnderTest.run(resume)
      #expect(missing.exitCode == 64 && missing.errorLines.count == 1, "\(missing.errors)")
      let moved = try ProgramUnderTest.run(
        resume + ["--set", "network=\(OwnModels.path("classes"))"])
      #expect(moved.exitCode == 0, "\(moved.errors)")
    }

    @Test("is planned, compared, searched, verified and reported")
    func others() throws {
      let data = try Self.data()
      let words = (TinyRun.settings + Self.settings("classes", data)).flatMap { ["--set", $0] }
      for arguments in [
        ["plan"] + words,
        ["compare", "--methods", "none,local", "--seeds", "0,1"] + words
          + ["--output", data.path("compared")],
        ["search", "--trials", "2"] + words + ["--output", data.path("searched")],
        ["verify"] + words
          + ["--set", "inner.steps=24", "--average", "3", "--output", data.path("verified")],
        ["run"] + words + ["--output", data.path("run")],
        ["report", data.path("run")],
      ] {
        let result = try ProgramUnderTest.run(arguments)
        #expect(
          result.exitCode == 0 && !result.output.contains("failed"),
          "\(arguments[0]): \(result.errors) \(result.output)")
      }
      #expect(try data.text("searched/best/config.yaml").contains("network: "))
      #expect(FileManager.default.fileExists(atPath: data.path("searched/best/model.onnx")))
    }

    /// Settings over those of `classes`, and words of the refusal.
    static let wrong: [(settings: [String], words: [String])] = [
      (["network=/nowhere/model.onnx"], ["/nowhere/model.onnx: the file"]),
      (["network=\(#filePath.replacing(".swift", with: ".onnx"))"], ["ProgramOwnModelTests.onnx"]),
      (["network=FOLDER/noise.onnx"], ["noise.onnx: the file is damaged, or not an ONNX file"]),
      (["network=FOLDER/test.onnx"], ["test.onnx: "]),
      (
        ["network=\(OwnModels.path("numbers"))"],
        ["numbers.onnx: gives 1 number for an example", "3 classes", "one for each class"]
      ),
      (
        ["data.classes=none"],
        [
          "classes.onnx: gives logits with the shape [3] for an example, and its target has the shape [1]"
        ]
      ),
      (
        ["data.classes=9"], ["classes.onnx: gives 3 numbers for an example", "9 classes"]
      ),
      (
        ["network=\(OwnModels.path("tokens"))"],
        ["tokens.onnx: takes whole numbers", "numbers of any kind"]
      ),
      (
        ["network=\(OwnModels.path("rows"))"],
        ["rows.onnx: takes examples [784] (input x), and those of the data are [4]"]
      ),
      (["network-freeze=[\"*\"]"], ["classes.onnx: none of the file's tensors is trained"]),
      (["network-freeze=[nobody.*]"], ["classes.onnx: there is nothing to freeze", "nobody.*"]),
      (["network-train=[head.wieght]"], ["there is nothing to train", "head.weight"]),
      (["network-dropout=0.1"], ["network-dropout", "set network-dropout to 0"]),
      (
        ["initial.draw=true", "initial.parameters=x.safetensors"], ["initial.draw", "not both"]
      ),
      (["network=lenet", "network-tie=off"], ["network-tie is for a model of your own"]),
      (
        ["network=\(OwnModels.path("unsupported"))"],
        ["NonMaxSuppression", "There is one more problem", "glocal-dist doctor"]
      ),
      (["network=\(OwnModels.path("batch"))"], ["batch.onnx: ", "reshape_two"]),
    ]

    @Test(
      "that cannot be trained is refused",
      arguments: zip(wrong.indices, aloneOrOnThreeRanks(wrong.count)))
    func refused(index: Int, ranks: Int?) throws {
      let (settings, words) = Self.wrong[index]
      let data = try Self.data()
      try data.write("noise.onnx", (0..<300).map { UInt8(truncatingIfNeeded: $0 * 151 + 7) })
      try data.write("test.onnx", OwnModels.rows(count: 3))
      let run = try TinyRun(
        Self.settings("classes", data, settings.map { $0.replacing("FOLDER", with: data.path) }),
        ranks: ranks)
      #expect(run.run.exitCode == 64, "\(settings): \(run.run.output)")
      #expect(run.run.errorLines.count == 1, "\(settings): \(run.run.errors)")
      for word in words { #expect(run.run.errors.contains(word), "\(settings): \(run.run.errors)") }
    }

    @Test("exported for one batch is trained with any, where it can be mended")
    func mended() throws {
      let data = try Self.data()
      let run = try TinyRun(Self.settings("fixed", data))
      run.expectSuccess()
      let plain = try TinyRun(Self.settings("classes", data))
      #expect(try run.hypergradients.count == plain.hypergradients.count)
    }

    @Test("that works for one size alone is trained in shards of that size")
    func batch() throws {
      let data = try Self.data()
      // 160 − 40 and 40 are multiples of 4; so must be the test set.
      try data.write("test.safetensors", OwnModels.rows(count: 24))
      let run = try TinyRun(Self.settings("batch", data, ["parallel.shard=4"]))
      run.expectSuccess()
    }

    @Test("is examined by the doctor, with everything that stands in the way")
    func doctor() throws {
      let good = try ProgramUnderTest.run(["doctor", OwnModels.path("tokens")])
      #expect(good.exitCode == 0 && good.errors.isEmpty, "\(good.errors)")
      for words in [
        "opset      17", "whole numbers in 0 ..< 7, [5] for an example",
        "trained: 1 tensor", "token.weight", "onnx::MatMul_9", "It can be trained.",
      ] { #expect(good.output.contains(words), "\(words): \(good.output)") }
      let softmax = try ProgramUnderTest.run(["doctor", OwnModels.path("softmax")])
      #expect(softmax.output.contains("comes from Softmax"), "\(softmax.output)")
      let bad = try ProgramUnderTest.run(["doctor", OwnModels.path("unsupported")])
      #expect(bad.exitCode == 64 && bad.errorLines.count == 1, "\(bad.errors)")
      for words in ["these 2 problems", "NonMaxSuppression", "StringNormalizer"] {
        #expect(bad.output.contains(words), "\(words): \(bad.output)")
      }
      let batch = try ProgramUnderTest.run(["doctor", OwnModels.path("batch")])
      #expect(batch.exitCode == 64 && batch.output.contains("reshape_two"), "\(batch.output)")
    }
  }
}
