import Differentiation
import Foundation
import Tensors
import Testing

/// Values of operations against NumPy's and SciPy's; `scripts/reference/operations.py` wrote them.
@Suite("Values of operations against NumPy and SciPy") struct OperationReferenceTests {
  struct Reference: Decodable {
    let cases: [String: [Double]]
  }

  private static let reference: Reference? = {
    guard
      let file = Bundle.module.url(
        forResource: "operations", withExtension: "json", subdirectory: "Resources"),
      let data = try? Data(contentsOf: file)
    else { return nil }
    return try? JSONDecoder().decode(Reference.self, from: data)
  }()

  static let names = [
    "errorFunction", "sigmoid", "silu", "gelu", "tanhGelu", "softmax", "softmaxOverMiddle",
    "maskedSoftmax", "causalSoftmax", "logSoftmax", "layerNormalization",
    "layerNormalizationOverTwoAxes", "groupNormalization", "gru", "lstm", "groupedConvolution",
    "depthwiseConvolution", "sequenceConvolution", "crossEntropy",
  ]

  @Test func everyReferenceIsChecked() throws {
    #expect(try #require(Self.reference).cases.keys.sorted() == Self.names.sorted())
  }

  @Test(arguments: names)
  func valuesAgree(_ name: String) throws {
    let expected = try #require(Self.reference?.cases[name])
    // Numbers are up to 10; a few roundings each.
    compare(values(name, Double.self), expected, tolerance: 1e-14)
    compare(values(name, Float.self), expected, tolerance: 4e-6)
  }

  private func compare(_ found: [Double], _ expected: [Double], tolerance: Double) {
    #expect(found.count == expected.count)
    for (i, (a, b)) in zip(found, expected).enumerated() {
      #expect(abs(a - b) <= tolerance * max(1, abs(b)), "number \(i)")
    }
  }

  private func values<Number: Scalar>(_ name: String, _: Number.Type) -> [Double] {
    let recorder = ReferenceRecorder<Number>()
    let result = recorder.record(name)
    recorder.tape.seal(output: result, passes: .values)
    let theta = recorder.parameters.map { Number($0) }
    return theta.withUnsafeBufferPointer { theta in
      guard let start = theta.baseAddress else { return [] }
      recorder.tape.bind(parameters: start)
      recorder.tape.replay()
      return (0..<result.count).map { Double(result.value[$0]) }
    }
  }
}

/// Records a case with the numbers that the script draws, as parameters.
private final class ReferenceRecorder<Number: Scalar> {
  let tape = Tape<Number>()
  private(set) var parameters: [Double] = []

  func numbers(_ seed: UInt64, _ dimensions: Int..., scale: Double = 1) -> Variable<Number> {
    let x = tape.parameter(.tensor(dimensions), offset: parameters.count)
    parameters += pseudorandom(x.count, seed: seed).map { scale * $0 }
    parameters += [Double](repeating: 0, count: (32 - parameters.count % 32) % 32)
    return x
  }

  func record(_ name: String) -> Variable<Number> {
    switch name {
    case "errorFunction": tape.errorFunction(numbers(1, 101, scale: 5))
    case "sigmoid": tape.sigmoid(numbers(1, 101, scale: 5))
    case "silu": tape.silu(numbers(1, 101, scale: 5))
    case "gelu": tape.gelu(numbers(1, 101, scale: 5))
    case "tanhGelu": tape.gelu(numbers(1, 101, scale: 5), form: .tanh)
    case "softmax": tape.softmax(numbers(2, 3, 4, 5, scale: 3))
    case "softmaxOverMiddle": tape.softmax(numbers(2, 3, 4, 5, scale: 3), axis: 1)
    case "maskedSoftmax": masked(numbers(2, 3, 4, 5, scale: 3))
    case "causalSoftmax": tape.softmax(numbers(3, 3, 5, 5, scale: 3), mask: .causal)
    case "logSoftmax": tape.logSoftmax(numbers(2, 3, 4, 5, scale: 3))
    case "layerNormalization":
      tape.layerNormalized(
        numbers(2, 3, 4, 5, scale: 3), weight: numbers(4, 5), bias: numbers(5, 5))
    case "layerNormalizationOverTwoAxes":
      tape.layerNormalized(
        numbers(2, 3, 4, 5, scale: 3), weight: numbers(6, 4, 5), bias: numbers(7, 4, 5))
    case "groupNormalization":
      tape.groupNormalized(
        numbers(8, 3, 6, 2, 5), weight: numbers(9, 6), bias: numbers(10, 6), groups: 2)
    case "gru":
      tape.gru(
        numbers(20, 3, 6, 4), inputWeight: numbers(21, 15, 4), stateWeight: numbers(22, 15, 5),
        inputBias: numbers(23, 15), stateBias: numbers(24, 15))
    case "lstm":
      tape.lstm(
        numbers(20, 3, 6, 4), inputWeight: numbers(25, 20, 4), stateWeight: numbers(26, 20, 5),
        inputBias: numbers(27, 20), stateBias: numbers(28, 20))
    case "groupedConvolution":
      tape.convolution2D(
        numbers(30, 2, 4, 5, 6), weights: numbers(31, 6, 2, 3, 2), bias: numbers(32, 6),
        groups: 2, stride: 2, padding: 1)
    case "depthwiseConvolution":
      tape.convolution2D(
        numbers(33, 2, 4, 5, 7), weights: numbers(34, 8, 1, 3, 3), bias: numbers(35, 8),
        groups: 4, padding: 1)
    case "sequenceConvolution":
      tape.convolution1D(
        numbers(36, 2, 4, 9), weights: numbers(37, 5, 4, 3), bias: numbers(38, 5), padding: 2,
        dilation: 2)
    case "crossEntropy": crossEntropy(numbers(40, 3, 4, 7, scale: 4))
    default: preconditionFailure("there is no case \(name)")
    }
  }

  /// The mask's parameter holds −∞ at every third number.
  private func masked(_ x: Variable<Number>) -> Variable<Number> {
    let mask = tape.parameter(.tensor([4, 5]), offset: parameters.count)
    parameters += (0..<20).map { $0 % 3 == 0 ? -.infinity : 0 }
    return tape.softmax(x, mask: .additive(mask))
  }

  private func crossEntropy(_ x: Variable<Number>) -> Variable<Number> {
    let targets = tape.integerInput(.tensor([3, 4]))
    let numbers: [Int32] = [0, 6, -100, 2, -100, 3, -100, -100, -100, -100, -100, -100]
    for (i, number) in numbers.enumerated() { targets.pointer[i] = number }
    return tape.crossEntropy(x, targets: targets)
  }
}
