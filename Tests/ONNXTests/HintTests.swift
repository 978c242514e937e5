import Foundation
import Testing

@testable import ONNX

/// What is said of files that exporters simplified to another model.
struct HintTests {
  private let folder = ScratchFolder()

  private func read(_ model: Onnx_ModelProto) throws -> ONNXModel {
    try ONNXModel(contentsOf: folder.write(model))
  }

  /// An entry of a node's metadata: a key and a value, both shorter than 128 bytes.
  private static func entry(_ key: String, _ value: String) -> Data {
    Data([10, UInt8(key.utf8.count)] + Array(key.utf8) + [18, UInt8(value.utf8.count)])
      + Data(value.utf8)
  }

  private static func product(_ rules: String, bias: Bool = false) -> Onnx_ModelProto {
    MadeModel.model(
      nodes: [
        MadeModel.node("Gemm", ["x", "a.weight"] + (bias ? ["a.bias"] : []), ["h"]) { node in
          node.metadataProps = [
            entry("pkg.torch.onnx.stack_trace", "RemoveOptionalBiasFromGemm"),
            entry("pkg.onnxscript.rewriter.rule_name", rules),
          ]
        },
        MadeModel.node("Gemm", ["h", "b.weight"], ["y"]) { node in
          node.metadataProps = [entry("pkg.onnxscript.rewriter.rule_name", rules)]
        },
      ],
      initializers: [
        MadeModel.tensor("a.weight", [2, 2], [1, 2, 3, 4]),
        MadeModel.tensor("a.bias", [2], [1, 2]),
        MadeModel.tensor("b.weight", [2, 2], [5, 6, 7, 8]),
      ])
  }

  @Test func namesTheBiasesThatTheExporterLeftOut() throws {
    let hints = try read(Self.product("RemoveOptionalBiasFromGemm")).hints
    #expect(
      hints == [
        "the layer with a.weight and 1 more have no bias in the file: the exporter leaves out biases "
          + "that are zeros, and then they are not trained; optimize=False keeps them"
      ])
    let one = try read(Self.product("RemoveOptionalBiasFromGemm", bias: true)).hints
    #expect(one.first?.hasPrefix("the layer with b.weight has no bias in the file") == true)
    // What is not a rule's name does not count.
    #expect(try read(Self.product("MaterializeReshapeShape")).hints.isEmpty)
  }

  @Test func namesTheLayersIntoWhichTheNewerExporterFolded() throws {
    let rules = "RemoveOptionalBiasFromGemm, FuseBatchNormIntoGemm"
    let hints = try read(Self.product(rules)).hints
    #expect(hints.count == 1)
    #expect(
      hints.first?.hasPrefix(
        "a BatchNormalization seems to be folded into the product with a.weight and 1 more") == true
    )
  }

  /// Fresh normalisations are all alike, and exporters make one tensor of them: directly or by Identity.
  @Test(arguments: [false, true])
  func namesTensorsThatStandInSeveralPlaces(byIdentity: Bool) throws {
    let second = byIdentity ? "n2.weight" : "n1.weight"
    let copy = MadeModel.node("Identity", ["n1.weight"], ["n2.weight"])
    let model = MadeModel.model(
      nodes: (byIdentity ? [copy] : []) + [
        MadeModel.node("Mul", ["x", "n1.weight"], ["h"]),
        MadeModel.node("Tanh", ["h"], ["t"]), MadeModel.node("Mul", ["t", second], ["y"]),
      ], initializers: [MadeModel.tensor("n1.weight", [2], [1, 1])])
    let hints = try read(model).hints
    #expect(hints.count == 1)
    #expect(
      hints.first?.hasPrefix("n1.weight stands in 2 places and is trained as one tensor; if the ")
        == true)
  }

  @Test func aTiedEmbeddingIsMeantToBeOne() throws {
    let model = MadeModel.model(
      nodes: [
        MadeModel.node("Cast", ["x"], ["i"]) { node in
          node.attribute = [MadeModel.attribute("to", .int) { $0.i = 7 }]
        },
        MadeModel.node("Gather", ["head.weight", "i"], ["e"]),
        MadeModel.node("Transpose", ["head.weight"], ["t"]) { node in
          node.attribute = [MadeModel.attribute("perm", .ints) { $0.ints = [1, 0] }]
        },
        MadeModel.node("MatMul", ["e", "t"], ["y"]),
      ], initializers: [MadeModel.tensor("head.weight", [2, 2], [1, 2, 3, 4])])
    #expect(try read(model).hints.isEmpty)
  }

  @Test func saysWhatRunningStatisticsAre() throws {
    let model = MadeModel.model(
      nodes: [MadeModel.node("BatchNormalization", ["x", "w", "b", "mean", "var"], ["y"])],
      initializers: ["w", "b", "mean", "var"].map { MadeModel.tensor($0, [2], [1, 1]) })
    #expect(
      try read(model).constants.map(\.reason)
        == Array(
          repeating:
            "is a running statistic of a batch normalisation, which follows the minibatches",
          count: 2))
  }
}
