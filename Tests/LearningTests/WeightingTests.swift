import Learning
import Networks
import Testing

/// Weights of examples and the coefficients of weighted losses, against differences.
struct WeightingTests {
  private static let losses = [0.33, 0.45, 1.1, 2.3, 2.9, 4.2, 7.5]

  private func examples(_ rule: any ExampleWeighting) -> WeightedExamples {
    let examples = WeightedExamples(
      count: Self.losses.count, internalCount: rule.internalCount)
    for (n, loss) in Self.losses.enumerated() {
      examples.losses[n] = loss
      examples.labels[n] = Int32(n % 4)
      examples.indices[n] = (5 * n + 2) % 9
    }
    return examples
  }

  private static let rules: [any ExampleWeighting] = [
    WeightNetwork(hidden: 5), ClassWeights(classCount: 4), LossSpline(knots: knots),
    ClassSpline(start: [0, 0.1, 0.2, 0.3], knots: knots), FocalWeights(gamma: 2),
    ExampleWeights(exampleCount: 9, form: .sigmoid), ExampleWeights(exampleCount: 9, form: .exp),
    ExampleWeights(exampleCount: 9, form: .simplex),
  ]
  private static let numbers = Array(0..<8)
  /// No loss is within the differences' reach of a knot.
  private static let knots =
    LossKnots([0, 0.2, 0.7, 1.5, 2.5, 4, 6])
    ?? .usual(classCount: 10)

  private func start(_ rule: any ExampleWeighting) -> [Double] {
    (0..<rule.hyperparameterCount).map { index -> Double in
      let step = (index * 37 + 11) % 19
      // No unit of the network has its kink within the differences' reach of a loss.
      return 0.73 * (Double(step) / 9.5 - 1) + 0.003 * Double(index)
    }
  }

  /// Five-point differences of a smooth function with a width that leaves 1e-11.
  private func difference(_ f: (Double) -> Double) -> Double {
    let width = 1e-3
    let near = f(width) - f(-width)
    let far = f(2 * width) - f(-2 * width)
    return (8 * near - far) / (12 * width)
  }

  private func weight(
    _ rule: any ExampleWeighting, _ n: Int, _ phi: [Double], lossShift: Double = 0
  ) -> (value: Double, slope: Double) {
    let examples = examples(rule)
    examples.losses[n] += lossShift
    rule.weigh(examples, 0..<examples.count, hyperparameters: phi)
    return (examples.weights[n], examples.slopes[n])
  }

  @Test(arguments: numbers)
  func derivativesOfWeights(index: Int) {
    let rule = Self.rules[index]
    let phi = start(rule)
    let examples = examples(rule)
    rule.weigh(examples, 0..<examples.count, hyperparameters: phi)
    var changes = 0
    for n in 0..<examples.count {
      let slope = difference { weight(rule, n, phi, lossShift: $0).value }
      #expect(abs(examples.slopes[n] - slope) <= 1e-9)
      let curvature = difference { weight(rule, n, phi, lossShift: $0).slope }
      #expect(abs(examples.curvatures[n] - curvature) <= 1e-9)
      for j in phi.indices {
        func moved(_ shift: Double) -> (value: Double, slope: Double) {
          var phi = phi
          phi[j] += shift
          return weight(rule, n, phi)
        }
        let found = rule.tangent(examples, n, along: j, hyperparameters: phi)
        #expect(abs(found.value - difference { moved($0).value }) <= 1e-9)
        #expect(abs(found.slope - difference { moved($0).slope }) <= 1e-9)
        if abs(found.value) > 1e-3 { changes += 1 }
      }
    }
    #expect(changes >= examples.count - 1, "derivatives of zero check nothing")
  }

  @Test(arguments: numbers)
  func pullbackIsTheTransposeOfTheTangents(index: Int) {
    let rule = Self.rules[index]
    let phi = start(rule)
    let examples = examples(rule)
    rule.weigh(examples, 0..<examples.count, hyperparameters: phi)
    let alpha = (0..<examples.count).map { 1 - 0.3 * Double($0) }
    let beta = (0..<examples.count).map { 0.2 * Double($0) - 0.5 }
    var found = [Double](repeating: 0, count: phi.count)
    found.withUnsafeMutableBufferPointer { result in
      alpha.withUnsafeBufferPointer { alpha in
        beta.withUnsafeBufferPointer { beta in
          guard let a = alpha.baseAddress, let b = beta.baseAddress, let r = result.baseAddress
          else { return }
          rule.pullback(examples, alpha: a, beta: b, hyperparameters: phi, into: r)
        }
      }
    }
    for j in phi.indices {
      let expected = (0..<examples.count).reduce(0) { sum, n in
        let tangent = rule.tangent(examples, n, along: j, hyperparameters: phi)
        return sum + alpha[n] * tangent.value + beta[n] * tangent.slope
      }
      #expect(abs(found[j] - expected) <= 1e-13)
    }
    #expect(found.contains { abs($0) > 0.01 })
  }

  /// The attached loss is a function of the losses: its coefficients are its gradient.
  @Test(arguments: WeightedLoss.Reduction.allCases, numbers)
  func attachedCoefficientsAreTheGradient(reduction: WeightedLoss.Reduction, index: Int) {
    let rule = WeightedLoss(Self.rules[index], input: .attached, reduction: reduction)
    let phi = start(rule.weighting)
    func loss(_ n: Int, _ shift: Double) -> Double {
      let moved = self.examples(rule.weighting)
      moved.losses[n] += shift
      rule.weighting.weigh(moved, 0..<moved.count, hyperparameters: phi)
      return rule.totals(moved).loss
    }
    let examples = self.examples(rule.weighting)
    rule.weighting.weigh(examples, 0..<examples.count, hyperparameters: phi)
    let totals = rule.totals(examples)
    for n in 0..<examples.count {
      let expected = difference { loss(n, $0) }
      #expect(abs(rule.coefficient(examples, n, totals) - expected) <= 1e-9)
    }
  }

  @Test func initialNumbersAreTheSeeds() {
    let network = WeightNetwork(hidden: 128)
    let phi = network.initialHyperparameters(seed: 3)
    #expect(phi.count == 385 && network.hyperparameterNames.count == 385)
    #expect(network.hyperparameterNames[384] == "weight-network.fc2.bias[0]")
    #expect(phi == network.initialHyperparameters(seed: 3))
    #expect(phi != network.initialHyperparameters(seed: 4))
    // ±1 for the first layer with its one input, ±1/√128 for the second.
    #expect(phi[..<256].allSatisfy { abs($0) <= 1 } && phi[..<256].contains { abs($0) > 0.9 })
    #expect(phi[256...].allSatisfy { abs($0) <= 0.0884 })
  }
}
