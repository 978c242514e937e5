import Testing

@testable import Settings

@Suite("Values and raw numbers")
struct HyperparameterTests {
  @Test(
    "raw numbers are those of the golden fixture (JAX, float64)",
    arguments: [
      (0.02, -3.8918202981106265), (0.8, 1.3862943611198908), (0.003, -5.806138481293728),
    ])
  func fixture(value: Double, raw: Double) {
    // Two roundings of a logarithm.
    let hyperparameter = ConfiguredHyperparameter(.value(value), .sigmoid, tuned: true)
    #expect(abs(hyperparameter.raw - raw) <= 4e-16 * abs(raw))
  }

  @Test("known points of the other transforms")
  func knownPoints() {
    // ln 0.01, and softplus(0) = ln 2: from tables.
    #expect(
      abs(ConfiguredHyperparameter(.value(0.01), .exp, tuned: true).raw - -4.605170185988091)
        <= 1e-15)
    #expect(
      abs(ConfiguredHyperparameter(.raw(0), .softplus, tuned: true).value - 0.6931471805599453)
        <= 1e-15)
    #expect(
      abs(ConfiguredHyperparameter(.value(0.6931471805599453), .softplus, tuned: true).raw) <= 1e-15
    )
    #expect(ConfiguredHyperparameter(.value(-3), .identity, tuned: true).raw == -3)
  }

  @Test(
    "the raw number gives the value back", arguments: [1e-300, 1e-12, 5e-4, 0.3, 0.9, 0.999999])
  func inverse(value: Double) {
    for transform in Configuration().hyperparameters.learningRate.transform.all {
      let raw = ConfiguredHyperparameter(.value(value), transform, tuned: true).raw
      let back = ConfiguredHyperparameter(.raw(raw), transform, tuned: true).value
      // A raw number of up to 690 carries its relative rounding into the value's exponent.
      #expect(abs(back - value) <= 2.3e-16 * max(4, 2 * abs(raw)) * value, "\(transform)")
    }
  }

  @Test("nothing overflows", arguments: [-1e4, -800, -40, 40, 800, 1e4])
  func extremes(raw: Double) {
    let sigmoid = ConfiguredHyperparameter(.raw(raw), .sigmoid, tuned: true).value
    #expect(sigmoid >= 0 && sigmoid <= 1)
    let softplus = ConfiguredHyperparameter(.raw(raw), .softplus, tuned: true).value
    #expect(softplus >= max(raw, 0) && softplus <= max(raw, 0) + 1e-17 * max(raw, 1) + 1e-12)
    let large = ConfiguredHyperparameter(.value(800), .softplus, tuned: true).raw
    #expect(large == 800)
  }
}

extension CaseIterable {
  var all: AllCases { Self.allCases }
}
