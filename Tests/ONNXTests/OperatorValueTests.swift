import Differentiation
import Tensors
import Testing

@testable import ONNX

/// Every operator against the evaluator of the onnx package.
@Suite("Values of ONNX operators against the onnx package") struct OperatorValueTests {
  @Test func everyOperatorHasACase() throws {
    var seen: Set<String> = []
    for test in OperatorReference.cases.values { seen.formUnion(try test.graph.nodes.map(\.type)) }
    // Constants are read with the file; they and normalisations are in the fixtures.
    let others: Set = [
      "Constant", "CastLike", "Dropout", "SequenceLength", "Upsample", "BatchNormalization",
      FusedGroupNormalization.type,
    ]
    #expect(Set(OperatorTable.operators.keys).subtracting(seen).subtracting(others).isEmpty)
  }

  /// Recorded, in double precision: a few roundings each, some after a cancellation.
  @Test(arguments: OperatorReference.names)
  func recordedValuesAgree(_ name: String) throws {
    let test = try #require(OperatorReference.cases[name])
    let recorded = try RecordedCase<Double>(test)
    compare(recorded.values(at: recorded.parameters), test, tolerance: 1e-12)
  }

  @Test(arguments: OperatorReference.names)
  func valuesInSinglePrecisionAgree(_ name: String) throws {
    let test = try #require(OperatorReference.cases[name])
    let recorded = try RecordedCase<Float>(test)
    compare(recorded.values(at: recorded.parameters), test, tolerance: 2e-5)
  }

  /// The same where all inputs are known while the model is recorded.
  @Test(arguments: OperatorReference.names)
  func foldedValuesAgree(_ name: String) throws {
    let test = try #require(OperatorReference.cases[name])
    let recorded = try RecordedCase<Double>(test, isKnown: true)
    #expect(recorded.output == nil)
    compare(recorded.values(at: recorded.parameters), test, tolerance: 1e-12)
  }

  private func compare(
    _ found: [(shape: [Int], numbers: [Double])], _ test: OperatorReference.Case,
    tolerance: Double
  ) {
    #expect(found.count == test.outputs.count)
    for (found, expected) in zip(found, test.outputs) {
      #expect(found.shape == expected.shape)
      for (i, (a, b)) in zip(found.numbers, expected.doubles).enumerated() {
        let tolerance = max(tolerance, test.single == true ? 2e-6 : 0)
        #expect(a == b || abs(a - b) <= tolerance * max(1, abs(b)), "number \(i): \(a) for \(b)")
      }
    }
  }

  /// Central differences of a weighted sum of the results and of its gradient, with steps of 1e-6:
  /// errors of 1e-10 of the values by rounding.
  @Test(arguments: OperatorReference.names)
  func derivativesAreThoseOfDifferences(_ name: String) throws {
    let test = try #require(OperatorReference.cases[name])
    let recorded = try RecordedCase<Double>(test, passes: .tangents)
    guard recorded.output != nil else { return }
    let theta = recorded.parameters
    let direction = theta.indices.map { Double(($0 &* 7919) % 101) / 50 - 1 }
    let step = 1e-6
    func moved(_ factor: Double) -> [Double] {
      zip(theta, direction).map { $0 + factor * step * $1 }
    }
    let found = recorded.derivatives(at: theta, along: direction)
    let (after, before) = (
      recorded.derivatives(at: moved(1), along: direction),
      recorded.derivatives(at: moved(-1), along: direction)
    )
    let slope = zip(found.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    // What is infinite, or was left out of a logarithm, has no difference.
    guard after.value.isFinite, before.value.isFinite else {
      #expect(found.gradient.allSatisfy { $0.isFinite })
      return
    }
    let size = max(1, norm(found.gradient), abs(found.value))
    #expect(abs(slope - (after.value - before.value) / (2 * step)) <= 1e-7 * size)
    let expected = zip(after.gradient, before.gradient).map { ($0 - $1) / (2 * step) }
    let error = norm(zip(expected, found.tangent).map { $0 - $1 })
    #expect(error <= 1e-7 * max(1, norm(expected), norm(found.gradient)))
  }

  /// Where an operation reads numbers that the tape keeps no longer, checked memory has NaN.
  @Test(arguments: OperatorReference.names)
  func everythingReadIsKept(_ name: String) throws {
    let test = try #require(OperatorReference.cases[name])
    let shared = try RecordedCase<Double>(test, passes: .tangents)
    guard shared.output != nil else { return }
    let checked = try RecordedCase<Double>(test, passes: .tangents, memory: .checked)
    let direction = shared.parameters.indices.map { Double(($0 &* 31) % 17) / 8 - 1 }
    let expected = shared.derivatives(at: shared.parameters, along: direction)
    let found = checked.derivatives(at: shared.parameters, along: direction)
    #expect(found.gradient == expected.gradient)
    #expect(found.tangent == expected.tangent)
  }

  private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
