import Differentiation
import Foundation
import Networks
import ONNX
import TestSupport
import Testing

@testable import Learning

/// Models from files on examples of many kinds.
@Suite("Models of one's own") struct GraphModelTests {
  /// Examples by their input's and target's kinds.
  static func examples(
    _ input: ExampleField.Kind, _ target: ExampleField.Kind, vocabulary: Int = 0, classes: Int = 0
  ) -> ExampleDescription {
    ExampleDescription(
      input: ExampleField("inputs", input), target: ExampleField("targets", target),
      vocabulary: vocabulary, classes: classes)
  }

  static func model(
    _ file: String, _ examples: ExampleDescription, draws: Bool = false
  ) throws -> GraphModel {
    try GraphModel(
      try ONNXModel(contentsOf: OwnModels.path(file)), name: "\(file).onnx", for: examples,
      draws: draws)
  }

  static let rows = examples(.numbers([4]), .integers([]), classes: 3)

  /// The losses of some examples by a tape of double precision.
  static func losses(
    _ model: GraphModel, _ parameters: [Double], count: Int,
    fill: (FieldVariables<Double>) -> Void
  ) -> [Double] {
    let shard = ShardTape<Double>(model, model.examples.fields, count: count, passes: .values)
    fill(shard.fields)
    return parameters.withUnsafeBufferPointer { theta in
      guard let start = theta.baseAddress else { return [] }
      shard.tape.bind(parameters: start)
      shard.tape.replay()
      return (0..<count).map { shard.losses.value[$0] }
    }
  }

  @Test("give the cross-entropy that the formula gives")
  func crossEntropy() throws {
    let model = try Self.model("classes", Self.rows)
    #expect(
      model.parameters.tensors.map(\.name)
        == ["hidden.weight", "hidden.bias", "head.weight", "head.bias"])
    #expect(model.parameters.layers.map(\.name) == ["hidden", "head"])
    let values = Dictionary(
      uniqueKeysWithValues: model.graph.parameters.map { ($0.name, $0.values) })
    let parameters = try #require(model.givenParameters(as: Double.self))
    let x: [Double] = [0.3, -0.7, 0.2, 0.9, -0.1, 0.4, 0.8, -0.5]
    let labels: [Int32] = [2, 0]
    let found = Self.losses(model, parameters, count: 2) { fields in
      for (i, number) in x.enumerated() { fields.numbers("inputs").value[i] = number }
      for (i, label) in labels.enumerated() { fields.integers("targets").pointer[i] = label }
    }
    for n in 0..<2 {
      let row = Array(x[4 * n..<4 * n + 4])
      func layer(_ name: String, _ x: [Double]) throws -> [Double] {
        let (w, b) = (
          try #require(values["\(name).weight"]), try #require(values["\(name).bias"])
        )
        return b.indices.map { o in
          b[o] + x.indices.reduce(0) { $0 + w[o * x.count + $1] * x[$1] }
        }
      }
      let logits = try layer("head", try layer("hidden", row).map(tanh))
      let expected = log(logits.reduce(0) { $0 + exp($1) }) - logits[Int(labels[n])]
      #expect(abs(found[n] - expected) <= 1e-14)
    }
  }

  @Test("take one matrix for two, and have its gradient once")
  func tied() throws {
    let model = try Self.model(
      "tokens", Self.examples(.integers([5]), .integers([5]), vocabulary: 7, classes: 7))
    #expect(model.parameters.tensors.map(\.name) == ["token.weight"])
    #expect(model.parameters.count == 42)
    #expect(model.notes.contains { $0.contains("trained as one") }, "\(model.notes)")
  }

  @Test("draw fresh parameters by what they are for")
  func drawn() throws {
    let model = try Self.model("classes", Self.rows, draws: true)
    #expect(model.givenParameters(as: Double.self) == nil)
    #expect(model.parameters["hidden.weight"].initial == .uniformWithin(bound: 0.5))
    #expect(model.parameters["hidden.bias"].initial == .uniformWithin(bound: 0.5))
    let sixth = 1 / 6.0.squareRoot()
    #expect(model.parameters["head.bias"].initial == .uniformWithin(bound: sixth))
    let images = try Self.model(
      "images",
      Self.examples(.image(channels: 1, height: 28, width: 28), .integers([]), classes: 10))
    #expect(images.parameters["conv.weight"].initial == .uniformWithin(bound: 0.2))
    #expect(images.parameters["conv.bias"].initial == .uniformWithin(bound: 0.2))
    // A tied matrix is drawn as that of a product.
    let tokens = try Self.model(
      "tokens", Self.examples(.integers([5]), .integers([5]), vocabulary: 7, classes: 7))
    #expect(tokens.parameters["token.weight"].initial == .uniformWithin(bound: sixth))
  }

  /// Examples that do not fit, and words about them.
  static let wrong: [(file: String, examples: ExampleDescription, words: String)] = [
    (
      "classes", examples(.numbers([5]), .integers([]), classes: 3),
      "takes examples [4] (input x), and those of the data are [5]"
    ),
    (
      "classes", examples(.integers([4]), .integers([]), vocabulary: 9, classes: 3),
      "takes numbers (x is float32), and the inputs of the data are tokens"
    ),
    (
      "classes", examples(.numbers([4]), .integers([]), classes: 4),
      "gives 3 numbers for an example (output logits), and the targets are 4 classes"
    ),
    (
      "classes", examples(.numbers([4]), .integers([2]), classes: 3),
      "its target is a class for each position [2]"
    ),
    (
      "numbers", examples(.numbers([4]), .numbers([2])),
      "gives logits with the shape [1] for an example, and its target has the shape [2]"
    ),
    (
      "tokens", examples(.integers([5]), .integers([5]), vocabulary: 8, classes: 7),
      "has rows for 7 tokens, and those of the data go up to 7"
    ),
    (
      "tokens", examples(.integers([6]), .integers([6]), vocabulary: 7, classes: 7),
      "takes examples [5] (input t), and those of the data are [6]"
    ),
    (
      "images", examples(.image(channels: 3, height: 28, width: 28), .integers([]), classes: 10),
      "takes examples [1, 28, 28]"
    ),
  ]

  @Test("refuse examples that do not fit", arguments: wrong.indices)
  func refused(index: Int) throws {
    let (file, examples, words) = Self.wrong[index]
    let refusal = #expect(throws: GraphRefusal.self) { try Self.model(file, examples) }
    #expect(refusal?.description.contains(words) == true, "\(String(describing: refusal))")
  }

  @Test("take inputs whose axes are grouped otherwise, and targets with axes of one")
  func regrouped() throws {
    for kind in [
      ExampleField.Kind.image(channels: 1, height: 28, width: 28), .numbers([28, 28]),
      .numbers([784]),
    ] {
      let model = try Self.model("rows", Self.examples(kind, .integers([]), classes: 10))
      #expect(model.notes.isEmpty == (kind == .numbers([784])), "\(model.notes)")
    }
    for shape in [[], [1]] {
      _ = try Self.model("numbers", Self.examples(.numbers([4]), .numbers(shape)))
    }
  }

  @Test("say for which numbers of examples they cannot be recorded")
  func shards() throws {
    let graph = try ONNXModel(contentsOf: OwnModels.path("batch"))
    let model = try GraphModel(graph, name: "batch.onnx", for: Self.rows, shard: 4)
    #expect(model.refusal(ofShard: 4, compute: .full, as: Double.self) == nil)
    #expect(model.refusal(ofShard: 3, compute: .full, as: Double.self) != nil)
    let free = try Self.model("classes", Self.rows)
    for count in 1...5 {
      #expect(free.refusal(ofShard: count, compute: .full, as: Float.self) == nil)
    }
  }
}
