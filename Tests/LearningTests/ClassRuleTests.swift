import Glibc
import Learning
import Testing

@Suite struct ClassRuleTests {
  private let sizes = [5000, 500, 50]

  private func weights(_ rule: ClassRule) -> [Double] {
    rule.logWeights(sizes: sizes).map { exp($0) }
  }

  /// w_c n_c is the same for all, √n_c w_c is; means over examples are 1.
  @Test func followTheSizes() {
    let inverse = weights(.inverseFrequency)
    let root = weights(.sqrtInverseFrequency)
    for c in 1..<3 {
      #expect(abs(inverse[c] * Double(sizes[c]) - inverse[0] * 5000) < 1e-9)
      #expect(abs(root[c] * Double(sizes[c]).squareRoot() - root[0] * 5000.squareRoot()) < 1e-9)
    }
    for rule in [.inverseFrequency, .sqrtInverseFrequency, ClassRule.effectiveNumber(beta: 0.999)] {
      let total = zip(sizes, weights(rule)).reduce(0) { $0 + Double($1.0) * $1.1 }
      #expect(abs(total / 5550 - 1) < 1e-12)
    }
    #expect(weights(.equal) == [1, 1, 1])
  }

  /// The ratios of (1 − β^n): β = 0.999 leaves of 5000, 500 and 50 examples 993.3, 393.6 and 48.8.
  @Test func effectiveNumbers() {
    let found = weights(.effectiveNumber(beta: 0.999))
    func effective(_ n: Double) -> Double { (1 - pow(0.999, n)) / 0.001 }
    #expect(abs(effective(50) - 48.794) < 1e-3)
    #expect(abs(found[2] / found[0] - effective(5000) / effective(50)) < 1e-9)
    #expect(abs(found[1] / found[0] - effective(5000) / effective(500)) < 1e-9)
    // Towards 1 it is the inverse frequency, towards 0 no weight at all.
    let near = weights(.effectiveNumber(beta: 1 - 1e-9))
    #expect(zip(near, weights(.inverseFrequency)).allSatisfy { abs($0 / $1 - 1) < 1e-4 })
    #expect(weights(.effectiveNumber(beta: 1e-6)).allSatisfy { abs($0 - 1) < 1e-4 })
  }

  @Test func anEmptyClassHasAFiniteWeight() {
    for rule in [.inverseFrequency, ClassRule.effectiveNumber(beta: 0.9)] {
      #expect(rule.logWeights(sizes: [10, 0]).allSatisfy { $0.isFinite })
    }
  }

  @Test func readsWhatItWrites() {
    for rule in [
      .equal, .inverseFrequency, .sqrtInverseFrequency, .effectiveNumber(beta: 0.9999),
      ClassRule.effectiveNumber(beta: 0.9),
    ] {
      #expect(ClassRule(rule.description) == rule)
    }
  }
}
