import Foundation
import TestSupport
import Testing

@testable import Storage

extension ProgramTests {
  /// Files for `initial.parameters` that do not fit the network.
  @Suite("Parameter files that do not fit") struct ParameterFiles {
    static let shapes: [(name: String, shape: [Int])] = [
      ("conv1.weight", [16, 1, 5, 5]), ("conv1.bias", [16]), ("conv2.weight", [16, 16, 5, 5]),
      ("conv2.bias", [16]), ("fc1.weight", [32, 256]), ("fc1.bias", [32]),
      ("fc2.weight", [10, 32]), ("fc2.bias", [10]),
    ]

    /// A way to spoil the file.
    struct Spoiled: CustomTestStringConvertible, Sendable {
      let testDescription: String
      let words: [String]
      var shapes = ParameterFiles.shapes
      var value: Float = 0
      var kept = 1.0
    }

    static let cases = [
      Spoiled(
        testDescription: "missing", words: ["has no tensor fc2.bias"],
        shapes: Array(shapes.dropLast())),
      Spoiled(
        testDescription: "unexpected", words: ["holds a tensor fc3.bias"],
        shapes: shapes + [("fc3.bias", [10])]),
      Spoiled(
        testDescription: "wrong shape", words: ["fc2.bias has shape [7]", "needs [10]"],
        shapes: shapes.dropLast() + [("fc2.bias", [7])]),
      Spoiled(testDescription: "not finite", words: ["is not finite"], value: .nan),
      Spoiled(testDescription: "truncated", words: ["is cut short"], kept: 0.7),
      Spoiled(testDescription: "truncated in its header", words: ["is cut short"], kept: 0.002),
      Spoiled(testDescription: "empty", words: [".safetensors"], kept: 0),
    ]

    @Test(arguments: zip(cases, aloneOrOnThreeRanks(cases.count)))
    func refuses(spoiled: Spoiled, ranks: Int?) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("model.safetensors")
      try SafeTensorsFile.write(
        spoiled.shapes.map {
          NamedTensor(
            name: $0.name, shape: $0.shape,
            values: [Float](repeating: spoiled.value, count: $0.shape.reduce(1, *)))
        }, to: path)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      try bytes.prefix(Int(Double(bytes.count) * spoiled.kept)).write(
        to: URL(fileURLWithPath: path))
      var input = BadInput(["initial.parameters=\(path)"])
      input.words = [path] + spoiled.words
      try input.expectRefusal(ranks: ranks)
    }
  }
}
