import Foundation
import Testing

@testable import ONNX

@Suite(.enabled(if: Fixtures.folder != nil, "needs ../shared/fixtures/onnx"))
struct ParameterTests {
  /// The fixtures' own list was found by comparing values with the trained module's.
  @Test(arguments: Fixtures.files)
  func areThoseThatWereTrained(file: String) throws {
    var choices = ONNXModel.Choices()
    choices.ties = false
    let model = try ONNXModel(contentsOf: Fixtures.path(file), choices: choices)
    let described = try Fixtures.initializers(of: file)
    let expected = described.filter(\.value.trainable)
    #expect(Set(model.parameters.map(\.name)) == Set(expected.keys))
    for parameter in model.parameters {
      #expect(parameter.dimensions == described[parameter.name]?.shape)
      #expect(parameter.values.count == parameter.dimensions.reduce(1, *))
    }
    #expect(model.opset == (file.contains("legacy") ? 17 : 20))
  }

  /// Both default exports store the matrix twice; the unfolded ones once.
  @Test(arguments: ["", "-unfolded", "-legacy", "-legacy-unfolded"])
  func tiesAreFound(kind: String) throws {
    let model = try ONNXModel(contentsOf: Fixtures.path("transformer-tied" + kind))
    let unfolded = try ONNXModel(contentsOf: Fixtures.path("transformer-tied-unfolded"))
    let isFolded = !kind.hasSuffix("unfolded")
    let other = kind == "" ? "val_78" : "onnx::MatMul_289"
    let kept = kind == "" ? "head.weight" : "token.weight"
    #expect(model.ties == (isFolded ? [Tie(kept: kept, other: other, isTransposed: true)] : []))
    #expect(model.lookalikes.isEmpty)
    // The same parameters up to transposition: the sorted values are the same.
    func contents(_ model: ONNXModel) -> [[Double]] {
      model.parameters.map { $0.values.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
    }
    #expect(contents(model) == contents(unfolded))
    #expect(model.parameters.reduce(0) { $0 + $1.values.count } == 17600)
    if isFolded {
      #expect(model.graph.initializers[other] == nil)
      let node = try #require(model.graph.nodes.first)
      #expect(node.type == "Transpose" && node.inputs == [kept] && node.outputs == [other])
    }
  }

  @Test(arguments: Fixtures.files.filter { !$0.hasPrefix("transformer-tied") })
  func nothingElseIsTied(file: String) throws {
    let model = try ONNXModel(contentsOf: Fixtures.path(file))
    #expect(model.ties.isEmpty)
    #expect(model.lookalikes.isEmpty)
  }
}
