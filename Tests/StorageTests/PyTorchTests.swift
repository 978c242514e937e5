import Foundation
import TestSupport
import Testing

@testable import Storage

/// Both directions against PyTorch itself: `GLOCAL_PYTHON` or python3, where it has safetensors.
@Suite struct PyTorchReadsAndWrites {
  let folder: TemporaryFolder
  let python = ProcessInfo.processInfo.environment["GLOCAL_PYTHON"] ?? "python3"

  init() throws { folder = try TemporaryFolder() }

  private func run(_ program: String, _ arguments: String...) throws -> Command {
    let imports = "import sys, torch; from safetensors.torch import load_file, save_file\n"
    guard try Command.run(arguments: [python, "-c", imports]).status == 0 else {
      try Test.cancel("\(python) has no PyTorch with safetensors; GLOCAL_PYTHON may name one")
    }
    return try Command.run(arguments: [python, "-c", imports + program] + arguments)
  }

  @Test func loadsWhatIsWritten() throws {
    let path = folder.path("model.safetensors")
    let values = (0..<6400).map { Float(sin(Double($0))) }
    try SafeTensorsFile.write(
      [
        NamedTensor(name: "conv2.weight", shape: [16, 16, 5, 5], values: values),
        NamedTensor<Float>(name: "step", shape: [], values: [7]),
      ], metadata: [("precision", "float")], to: path)
    let result = try run(
      """
      t = load_file(sys.argv[1])
      i = torch.arange(6400, dtype=torch.float64)
      assert list(t) and t["conv2.weight"].shape == (16, 16, 5, 5), t.keys()
      assert t["conv2.weight"].dtype == torch.float32 and t["step"].item() == 7
      # Two implementations of the sine may differ in the last bit of a double, hence of a float.
      assert (t["conv2.weight"].flatten() - i.sin().float()).abs().max() <= 1e-7
      print("loaded")
      """, path)
    #expect(result.status == 0 && result.output == "loaded\n", "\(result.output)")
  }

  @Test func savesWhatIsRead() throws {
    let path = folder.path("saved.safetensors")
    let result = try run(
      """
      x = torch.arange(100003, dtype=torch.float64) / 64
      save_file({"x": x.reshape(1, -1), "h": x[:50].half(), "f": x.float()}, sys.argv[1])
      """, path)
    #expect(result.status == 0, "\(result.output)")
    let file = try SafeTensorsFile(reading: path)
    // Multiples of 1/64 below 2¹¹ are exact in all types used.
    let x = try file.tensor("x", shape: [1, 100_003], as: Double.self).values
    #expect(x.indices.allSatisfy { x[$0] == Double($0) / 64 })
    let f = try file.tensor("f", shape: [100_003], as: Double.self).values
    #expect(f == x)
    let h = try file.tensor("h", shape: [50], as: Float.self).values
    #expect(h.map(Double.init) == Array(x[..<50]))
  }
}
