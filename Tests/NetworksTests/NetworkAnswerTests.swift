import Differentiation
import Foundation
import Tensors
import Testing

@testable import Networks

/// Answers of the built-in networks against NumPy's and SciPy's; `scripts/reference/networks.py` wrote
/// them.
@Suite("Answers of networks against NumPy") struct NetworkAnswerTests {
  private struct Reference: Decodable {
    let cases: [String: [Double]]
  }

  private static let row = NetworkInput.numbers([4])
  private static let tokens = NetworkInput.tokens(length: 5, vocabulary: 7)

  @Test(arguments: [
    ("mlp-6-5", row, NetworkAnswer.numbers([3]), 1),
    ("mlp-7-ln", .numbers([2, 3]), .classes(2), 2),
    ("gru-5-4", tokens, .classesOfPositions(7), 0),
    ("transformer-2-8-2", tokens, .classesOfPositions(7), 0),
    ("transformer-1-6-3", .numbers([4, 5]), .classes(2), 3),
  ])
  func answersAgree(
    _ name: String, _ input: NetworkInput, _ answer: NetworkAnswer, _ seed: UInt64
  ) throws {
    let file = try #require(
      Bundle.module.url(forResource: "networks", withExtension: "json", subdirectory: "Resources"))
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    let expected = try #require(reference.cases[name])
    let network = try NetworkName(name).network(input: input, answer: answer)
    let flat = Jet<Double>(count: network.parameters.count, tangentCount: 0)
    for (place, tensor) in network.parameters.tensors.enumerated() {
      network.parameters.set(
        tensor, to: numbers(tensor.count, seed: 101 + UInt64(place)).map { 0.4 * $0 },
        in: flat.primal)
    }
    let tape = Tape<Double>()
    let variable: NetworkInputVariable<Double>
    var fill: () -> Void = {}
    switch input {
    case .tokens(let length, _):
      let tokens = tape.integerInput(.tensor([3, length]))
      for i in 0..<tokens.count { tokens.pointer[i] = Int32(i * 4 % 7) }
      variable = .tokens(tokens)
    case .numbers(let shape):
      let x = tape.input(.tensor([3] + shape))
      fill = { for (i, value) in numbers(x.count, seed: seed).enumerated() { x.value[i] = value } }
      variable = .numbers(x)
    case .image: preconditionFailure("no case has images")
    }
    let answers = network.answers(
      to: variable, with: ParameterVariables(network.parameters, on: tape), on: tape)
    tape.seal(output: answers, passes: .values)
    withExtendedLifetime(flat) {
      tape.bind(parameters: flat.storage.pointer)
      fill()
      tape.replay()
    }
    #expect(answers.count == expected.count)
    for (i, value) in expected.enumerated() {
      // A few hundred roundings of numbers of size 1.
      #expect(abs(answers.value[i] - value) <= 1e-13 * max(1, abs(value)), "number \(i)")
    }
  }
}

/// Numbers in (−1, 1) by splitmix64, as the script draws them.
private func numbers(_ count: Int, seed: UInt64) -> [Double] {
  (0..<count).map { index in
    var z = (seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Double(z >> 11) / Double(1 << 52) - 1
  }
}
