import DynamicModes
import Testing

@Suite struct HardThresholdTests {
  // Simpson's rule with 256 intervals and SciPy's adaptive quadrature both promise about 1e-9.
  @Test(arguments: Golden.shared.hardThresholds)
  func matchesQuadrature(_ reference: Golden.Threshold) {
    let threshold = HardThreshold(aspectRatio: reference.beta)
    #expect(abs(threshold.medianOfMarchenkoPastur - reference.median) <= 1e-8)
    #expect(abs(threshold.coefficient - reference.omega) <= 1e-8)
  }

  // Both numbers are in the abstract, the second one rounded to four digits.
  @Test func matchesTheAbstract() {
    let square = HardThreshold(aspectRatio: 1)
    #expect(abs(square.knownNoiseCoefficient - 4 / 3.0.squareRoot()) <= 1e-15)
    #expect(abs(square.coefficient - 2.858) <= 5e-4)
  }

  // Their section III D: the cubic is off by at most 0.02.
  @Test(arguments: [0.005, 0.05, 0.2, 0.4, 0.6, 0.8, 1])
  func liesNearTheCubicApproximation(beta: Double) {
    let cubic = ((0.56 * beta - 0.95) * beta + 1.82) * beta + 1.43
    #expect(abs(HardThreshold(aspectRatio: beta).coefficient - cubic) <= 0.02)
  }

  @Test func medianOfEvenAndOddCounts() {
    let square = HardThreshold(rows: 4, columns: 4)
    #expect(abs(square.threshold(for: [4, 3, 1, 0]) - 2 * square.coefficient) <= 1e-15)
    #expect(abs(square.threshold(for: [9, 2, 1]) - 2 * square.coefficient) <= 1e-15)
  }
}
