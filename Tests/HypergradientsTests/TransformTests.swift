import Glibc
import Hypergradients
import Testing

/// Transforms, their derivatives and their inverses.
struct TransformTests {
  @Test(arguments: Transform.allCases, [-6.0, -1.3, -0.2, 0, 0.4, 2.5, 7])
  func derivativeIsTheSlope(transform: Transform, raw: Double) {
    let width = 1e-3
    let slope =
      (transform.value(of: raw - 2 * width) - 8 * transform.value(of: raw - width)
        + 8 * transform.value(of: raw + width) - transform.value(of: raw + 2 * width))
      / (12 * width)
    // Truncation width⁴/30 and rounding 1e-16/width, both relative to values of the slope's size.
    #expect(abs(transform.derivative(at: raw) - slope) <= 1e-11 * max(1, abs(slope)))
  }

  @Test(arguments: [
    // The defining formulas in 50 digits, Python's decimal module.
    (Transform.sigmoid, -3.8918202981106265, 0.02),
    (.sigmoid, -5.806138481293728, 0.003),
    (.exp, -4.605170185988091, 0.01),
    (.softplus, 1.0, 1.3132616875182228),
    (.softplus, -20.0, 2.061153620314381e-09),
    (.softplus, 40.0, 40.0),
    (.identity, -0.25, -0.25),
  ])
  func valuesAreTheDefined(transform: Transform, raw: Double, value: Double) {
    // A few units in the last place of raw, times a condition number below 6.
    #expect(abs(transform.value(of: raw) - value) <= 4e-15 * abs(value))
  }

  @Test(arguments: Transform.allCases, [1e-300, 1e-12, 3e-4, 0.1, 0.5, 0.9, 1 - 1e-12])
  func inverseComesBack(transform: Transform, value: Double) throws {
    let raw = try #require(transform.raw(of: value))
    // raw is as large as 700, and its rounding, 1e-13, is a relative error of the value.
    #expect(abs(transform.value(of: raw) - value) <= 2e-13 * value)
  }

  @Test(arguments: Transform.allCases, [-1e308, -800.0, -40, 40, 800, 1e308])
  func extremesStayFinite(transform: Transform, raw: Double) {
    let value = transform.value(of: raw)
    #expect(value.isFinite)
    #expect(transform.derivative(at: raw).isFinite)
    if transform != .identity { #expect(value > 0) }
    if transform == .sigmoid { #expect(value < 1) }
    #expect(transform.raw(of: value)?.isFinite == true)
  }

  @Test func sigmoidsDerivativeSurvivesWhereOneMinusItsValueDoesNot() {
    // e^(−40), to the relative error 1e-17 of the formula's other factor.
    #expect(abs(Transform.sigmoid.derivative(at: 40) / exp(-40) - 1) <= 1e-14)
  }

  @Test(arguments: [
    (Transform.sigmoid, 0.0), (.sigmoid, 1), (.sigmoid, .nan), (.exp, 0), (.exp, -1),
    (.softplus, 0), (.softplus, .infinity), (.identity, .infinity), (.identity, .nan),
  ])
  func valuesOutOfReachHaveNoRawNumber(transform: Transform, value: Double) {
    #expect(transform.raw(of: value) == nil)
  }
}
