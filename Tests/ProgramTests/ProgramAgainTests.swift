import Foundation
import TestSupport
import Testing

@testable import Storage

extension ResultTests {
  /// What a run leaves is enough to do it again, or to go on from.
  @Suite("Results used again") struct Again {
    @Test("config.yaml gives the same run", arguments: ["float", "double"])
    func configuration(precision: String) throws {
      let first = try TinyRun(
        [
          "precision=\(precision)", "seed=7", "inner.optimizer=adam", "dmd.rank=energy 0.999",
          "hyperparameters.learning-rate.initial=0.003", "window.carry=0.5",
        ])
      first.expectSuccess()
      let folder = try TemporaryFolder()
      let again = try ProgramUnderTest.run(
        [
          "--config", first.path(.configuration), "--data", first.images.path, "--output",
          folder.path("again"),
        ], ranks: 2)
      #expect(again.exitCode == 0 && again.errors.isEmpty)
      for file in ["config.yaml", "trajectory.jsonl", "model.safetensors"] {
        let bytes = FileManager.default.contents(atPath: folder.path("again/\(file)"))
        let original = FileManager.default.contents(atPath: first.folder.path("run/\(file)"))
        #expect(bytes != nil && bytes == original, "\(file)")
      }
    }

    @Test("training starts from the parameters of a run", arguments: ["float", "double"])
    func parameters(precision: String) throws {
      let first = try TinyRun(["precision=\(precision)"])
      first.expectSuccess()
      // Steps too small to leave the parameters' neighbourhood.
      let still = ["hyperparameters.learning-rate.initial=1e-9", "method=none", "precision=double"]
      let second = try TinyRun(still + ["initial.parameters=\(first.path(.model))"], ranks: 2)
      #expect(second.run.exitCode == 0 && second.run.errors.isEmpty)
      let (before, after) = (
        try SafeTensorsFile(reading: first.path(.model)),
        try SafeTensorsFile(reading: second.path(.model))
      )
      #expect(before.names == after.names && before.names.count == 8)
      for name in before.names {
        let x = try before.tensor(name, as: Double.self)
        let y = try after.tensor(name, as: Double.self)
        // Twelve steps of 1e-9 times a velocity far below 1000.
        #expect(zip(x.values, y.values).allSatisfy { abs($0 - $1) <= 2e-5 }, "\(name)")
        #expect(x.shape == y.shape && x.values != y.values)
      }
    }

    @Test("PyTorch loads the model and classifies the test images alike")
    func inPyTorch() throws {
      let python = ProcessInfo.processInfo.environment["GLOCAL_PYTHON"] ?? "python3"
      let imports = "import sys, torch; from safetensors.torch import load_file\n"
      guard try Command.run(arguments: [python, "-c", imports]).status == 0 else {
        try Test.cancel("\(python) has no PyTorch with safetensors; GLOCAL_PYTHON may name one")
      }
      // Enough training for classes to be told apart.
      let run = try TinyRun([
        "data.set=glyphs", "inner.steps=180", "inner.batch=64", "parallel.shard=16",
        "hyperparameters.learning-rate.initial=0.05",
      ])
      run.expectSuccess()
      let images = run.folder.path("images.safetensors")
      try TestImages.write(to: images)
      let result = try Command.run(
        arguments: [python, "-c", imports + Self.lenet, run.path(.model), images])
      #expect(result.status == 0, "\(result.output)")
      let numbers = result.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
      try #require(numbers.count == 2, "\(result.output)")
      let accuracy = try #require(try run.summary["test_accuracy"]?.double)
      let loss = try #require(try run.summary["test_loss"]?.double)
      #expect(accuracy >= 0.3, "chance is 0.1: nothing was learned that could be lost")
      // Other summation orders in float may turn a tie: at most one image in 2000.
      #expect(abs(accuracy - numbers[0]) <= 1.001 / 2000)
      // A mean of float losses of size 1.
      #expect(abs(loss - numbers[1]) <= 1e-5 * loss)
    }

    private static let lenet = """
      class LeNet(torch.nn.Module):
          def __init__(self):
              super().__init__()
              self.conv1 = torch.nn.Conv2d(1, 16, 5)
              self.conv2 = torch.nn.Conv2d(16, 16, 5)
              self.fc1 = torch.nn.Linear(256, 32)
              self.fc2 = torch.nn.Linear(32, 10)

          def forward(self, x):
              f = torch.nn.functional
              x = f.max_pool2d(f.leaky_relu(self.conv1(x)), 2)
              x = f.max_pool2d(f.leaky_relu(self.conv2(x)), 2)
              return self.fc2(f.leaky_relu(self.fc1(x.flatten(1))))

      torch.set_num_threads(1)
      model = LeNet()
      model.load_state_dict(load_file(sys.argv[1]), strict=True)
      data = load_file(sys.argv[2])
      labels = data["labels"].long()
      with torch.no_grad():
          logits = model(data["images"])
      accuracy = (logits.argmax(1) == labels).double().mean().item()
      print(accuracy, torch.nn.functional.cross_entropy(logits.double(), labels).item())
      """
  }
}
