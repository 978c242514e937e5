import Differentiation
import Tensors
import Testing

@testable import Networks

@Suite("Networks by name") struct NetworkNameTests {
  @Test(arguments: [
    "mlp-512-512", "mlp-1", "mlp-30-ln", "mlp-8-9-10-ln", "gru-128", "gru-16-8",
    "transformer-4-128-4",
  ])
  func namesAreReadAndWritten(_ text: String) throws {
    #expect("\(try NetworkName(text))" == text)
  }

  @Test(arguments: [
    (
      "transformer-4-100-3", "100 is not divisible by 3 heads; the width must be a multiple of them"
    ),
    ("transformer-4-128", "the name has 2 numbers, and needs three: LAYERS-WIDTH-HEADS"),
    ("transformer-4-128-4-1", "the name has 4 numbers, and needs three: LAYERS-WIDTH-HEADS"),
    ("transformer-2000-8-1", "2000 layers, and at most 1024 are possible"),
    ("mlp", "the name has 0 numbers, and needs one or more: the widths of the layers"),
    ("mlp-ln", "the name has 0 numbers, and needs one or more: the widths of the layers"),
    ("gru", "the name has 0 numbers, and needs one or more: the widths of the layers"),
  ])
  func refusalsSayWhatIsWrong(_ text: String, _ sentence: String) {
    let refusal = #expect(throws: NetworkRefusal.self) { try NetworkName(text) }
    #expect(refusal?.description == "\(text): \(sentence)")
  }

  @Test(arguments: [
    "mlp-0", "mlp-", "mlp--5", "mlp-512-", "mlp-1e3", "mlp-+5", "mlp-05",
    "mlp-99999999999999999999",
    "mlp-512-LN", "gru-128-ln", "mlp-65537", "transformer-4-128-0", "gru-½", "mlp-５",
  ])
  func everyPartIsANumber(_ text: String) {
    let refusal = #expect(throws: NetworkRefusal.self) { try NetworkName(text) }
    #expect(refusal?.description.contains("is no whole number from 1 to 65536") == true)
  }

  @Test(arguments: ["", "-", "lstm-5", "MLP-5", "mlp5", "transformer4-4-4", " mlp-5"])
  func otherKindsAreUnknown(_ text: String) {
    #expect(throws: NetworkRefusal.unknown(text)) { try NetworkName(text) }
  }

  @Test func dataThatDoNotFitAreRefused() throws {
    func refusal(
      _ name: String, _ input: NetworkInput, _ answer: NetworkAnswer
    ) throws -> String? {
      let name = try NetworkName(name)
      let refusal = #expect(throws: NetworkRefusal.self) {
        _ = try name.network(input: input, answer: answer)
      }
      return refusal?.description
    }
    let (row, tokens) = (NetworkInput.numbers([8]), NetworkInput.tokens(length: 9, vocabulary: 4))
    #expect(
      try refusal("mlp-4", tokens, .classes(2))
        == "mlp-4: it takes rows of numbers or images, not sequences of 9 tokens of 4 kinds")
    #expect(
      try refusal("mlp-4", row, .classesOfPositions(3))
        == "mlp-4: it answers once for each example, and the targets are classes of every position, "
        + "3 of them")
    #expect(
      try refusal("gru-4", row, .classes(2))
        == "gru-4: it takes sequences [length, features] or tokens, not rows of 8 numbers")
    #expect(
      try refusal("transformer-1-4-2", .image(channels: 3, height: 8, width: 8), .classes(2))
        == "transformer-1-4-2: it takes tokens or sequences [length, features], not images [3, 8, 8]"
    )
    #expect(
      try refusal("mlp-4", row, .classes(0))
        == "mlp-4: there is no network without classes or numbers to answer")
    for empty in [
      NetworkInput.numbers([0]), .numbers([0, 3]), .tokens(length: 0, vocabulary: 4),
      .tokens(length: 4, vocabulary: 0),
    ] {
      #expect(
        try refusal("gru-4", empty, .classes(2))
          == "gru-4: there is no network without numbers or tokens to take")
    }
  }

  /// Counts by hand from PyTorch's shapes.
  @Test func parametersAreThoseOfPyTorch() throws {
    func count(_ name: String, _ input: NetworkInput, _ answer: NetworkAnswer) throws -> Int {
      try NetworkName(name).network(input: input, answer: answer).parameters.count
    }
    #expect(
      try count("mlp-512-512", .image(channels: 1, height: 28, width: 28), .classes(10))
        == 784 * 512 + 512 + 512 * 512 + 512 + 512 * 10 + 10)
    #expect(
      try count("mlp-5-ln", .numbers([2, 3]), .numbers([])) == 6 * 5 + 5 + 2 * 5 + 5 + 1)
    #expect(
      try count("gru-7", .numbers([20, 3]), .classes(4)) == 21 * 3 + 21 * 7 + 42 + 7 * 4 + 4)
    let layer = 3 * 64 + 24 + 64 + 8 + 8 * 32 + 32 + 32 * 8 + 8 + 4 * 8
    #expect(
      try count("transformer-2-8-2", .tokens(length: 5, vocabulary: 11), .classesOfPositions(11))
        == 11 * 8 + 5 * 8 + 2 * layer + 16 + 8 * 11 + 11)
  }

  @Test func theyStartAsPyTorchSays() throws {
    let layout = try NetworkName("transformer-1-64-4").network(
      input: .tokens(length: 50, vocabulary: 100), answer: .classesOfPositions(100)
    ).parameters
    let flat = layout.initialParameters(seed: 5, as: Double.self)
    func numbers(_ name: String) -> ArraySlice<Double> {
      let tensor = layout[name]
      return flat[tensor.offset..<tensor.offset + tensor.count]
    }
    func deviation(_ name: String) -> Double {
      let x = numbers(name)
      return (x.reduce(0) { $0 + $1 * $1 } / Double(x.count)).squareRoot()
    }
    // 6400 normal numbers: four standard deviations of theirs are 3.5 %.
    #expect(abs(deviation("embedding.weight") - 0.02) <= 0.0007)
    let bound = (6.0 / 256).squareRoot()
    let projection = numbers("layers.0.self_attn.in_proj_weight").map(abs).max() ?? 0
    #expect(projection <= bound && projection >= 0.99 * bound)
    #expect(numbers("layers.0.self_attn.in_proj_bias").allSatisfy { $0 == 0 })
    #expect(numbers("layers.0.norm2.weight").allSatisfy { $0 == 1 })
    let inner = numbers("layers.0.linear2.weight").map(abs).max() ?? 0
    #expect(inner <= 1 / 16 && inner >= 0.99 / 16)
  }
}
