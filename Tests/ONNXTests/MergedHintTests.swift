import Testing

@testable import ONNX

/// Exporters merge the gains and shifts of fresh normalisations.
@Suite("Merged initializers") struct MergedHintTests {
  private let folder = ScratchFolder()

  /// Normalisations one behind the other, with the names of their gains and shifts.
  private func hints(
    _ layers: [(gain: String, shift: String)], gains: [Float] = [1, 1]
  ) throws -> [String] {
    var nodes = [MadeModel.node("MatMul", ["x", "w"], ["v0"])]
    var tensors = [MadeModel.tensor("w", [2, 2], [1, 2, 3, 4])]
    var seen: Set<String> = []
    for (i, layer) in layers.enumerated() {
      nodes.append(
        MadeModel.node(
          "LayerNormalization", ["v\(i)", layer.gain, layer.shift],
          [i == layers.count - 1 ? "y" : "v\(i + 1)"]))
      if seen.insert(layer.gain).inserted {
        tensors.append(MadeModel.tensor(layer.gain, [2], gains))
      }
      if seen.insert(layer.shift).inserted {
        tensors.append(MadeModel.tensor(layer.shift, [2], [0, 0]))
      }
    }
    let model = MadeModel.model(nodes: nodes, initializers: tensors)
    return try ONNXModel(contentsOf: try folder.write(model)).hints
  }

  @Test func oneThatServesSeveralNormalisationsIsNamed() throws {
    let rest =
      ", which are trained as one: the exporter may have merged tensors that are equal in a fresh "
      + "model; export with optimize=False, or after a first training step, to train them apart"
    let shared = ("b.0.ln.weight", "b.0.ln.bias")
    #expect(
      try hints([shared, shared]) == [
        "b.0.ln.weight serves 2 nodes (node_v1 and node_y)" + rest,
        "b.0.ln.bias serves 2 nodes (node_v1 and node_y)" + rest,
      ])
    #expect(
      try hints([shared, ("b.0.ln.weight", "b.1.ln.bias")]) == [
        "b.0.ln.weight serves 2 nodes (node_v1 and node_y)" + rest
      ])
    #expect(
      try hints([(String, String)](repeating: shared, count: 5))[0]
        == "b.0.ln.weight serves 5 nodes (node_v1, node_v2, node_v3 and 2 more)" + rest)
  }

  @Test func separateOnesAndTrainedOnesAreNot() throws {
    #expect(
      try hints([("a.weight", "a.bias"), ("b.weight", "b.bias")]) == [])
    // A layer that was trained and has two uses is shared on purpose.
    #expect(
      try hints([("a.weight", "a.bias"), ("a.weight", "b.bias")], gains: [1, 1.5]) == [])
  }

  @Test func thereAreNotTooManyHints() throws {
    var layers: [(String, String)] = []
    for i in 0..<8 { layers += [("a.\(i)", "b.\(i)"), ("a.\(i)", "b.\(i)x")] }
    let found = try hints(layers)
    #expect(found.count == 5 && found[4] == "and 4 more such tensors serve several nodes")
  }

  @Test(
    .enabled(if: Fixtures.folder != nil, "needs ../shared/fixtures/onnx"),
    arguments: Fixtures.files)
  func fixturesHaveNone(file: String) throws {
    let model = try ONNXModel(contentsOf: Fixtures.path(file))
    #expect(!model.hints.contains { $0.contains("serves") || $0.contains("serve several") })
  }
}
