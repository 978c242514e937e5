import Testing

@testable import Tensors

/// Distributions; the seed is fixed, so every bound below either always holds or never does.
@Suite struct RandomStreamTests {
  @Test func uniformNumbersHaveTheMomentsOfTheUnitInterval() {
    var stream = RandomStream(seed: 42, purpose: .testing)
    let count = 200_000
    var sum = 0.0
    var squares = 0.0
    var low = 1.0
    var high = 0.0
    for _ in 0..<count {
      let value = stream.uniform()
      sum += value
      squares += value * value
      low = min(low, value)
      high = max(high, value)
    }
    let mean = sum / Double(count)
    // Four standard errors: √(1/12 / n) = 6.5e-4 and √(4/45 / n) = 6.7e-4.
    #expect(abs(mean - 0.5) <= 4 * 6.5e-4)
    #expect(abs(squares / Double(count) - 1.0 / 3) <= 4 * 6.7e-4)
    #expect(low >= 0 && low <= 1e-4)
    #expect(high < 1 && high >= 1 - 1e-4)
  }

  @Test func normalNumbersHaveTheMomentsAndTailsOfTheNormalDistribution() {
    var stream = RandomStream(seed: 43, purpose: .testing)
    let count = 200_000
    var moments = [0.0, 0.0, 0.0, 0.0, 0.0]
    var outside = 0
    var neighbours = 0.0
    var previous = 0.0
    for _ in 0..<count {
      let value = stream.normal()
      var power = 1.0
      for order in 1...4 {
        power *= value
        moments[order] += power / Double(count)
      }
      if abs(value) > 2 { outside += 1 }
      neighbours += value * previous / Double(count)
      previous = value
    }
    // Four standard errors √(Var zᵏ / n) with Var zᵏ = 1, 2, 15, 96.
    let variances = [0, 1, 2, 15, 96.0]
    let expected = [0, 0, 1, 0, 3.0]
    for order in 1...4 {
      let bound = 4 * (variances[order] / Double(count)).squareRoot()
      #expect(abs(moments[order] - expected[order]) <= bound, "moment \(order)")
    }
    // P(|z| > 2) = 0.0455003; standard error √(p (1 − p) / n) = 4.7e-4.
    #expect(abs(Double(outside) / Double(count) - 0.045_500_3) <= 4 * 4.7e-4)
    // The two halves of a Box–Muller pair are independent: correlation within 4/√n.
    #expect(abs(neighbours) <= 4 / Double(count).squareRoot())
  }

  @Test(arguments: [1, 2, 3, 10, 1000])
  func integersAreEquallyLikely(bound: Int) {
    var stream = RandomStream(seed: 44, purpose: .testing, step: bound)
    let count = 100 * bound + 10_000
    var histogram = [Int](repeating: 0, count: bound)
    for _ in 0..<count { histogram[stream.integer(below: bound)] += 1 }
    let expected = Double(count) / Double(bound)
    let chiSquare = histogram.reduce(0.0) { sum, seen in
      sum + (Double(seen) - expected) * (Double(seen) - expected) / expected
    }
    let freedom = Double(bound - 1)
    // Mean ν, variance 2ν; five standard deviations.
    #expect(chiSquare <= freedom + 5 * (2 * freedom).squareRoot())
  }

  @Test func integersOfAHugeRangeAreNotBiased() {
    // 2⁶⁴ is 2½ times this: 64 bits modulo the bound fall in its lower half, and a multiply-shift
    // without rejection on even numbers, in 3 of 5 cases.
    let bound = Int.max / 5 * 4
    var stream = RandomStream(seed: 45, purpose: .testing)
    let count = 40_000
    var lower = 0
    var even = 0
    for _ in 0..<count {
      let value = stream.integer(below: bound)
      if value < bound / 2 { lower += 1 }
      if value % 2 == 0 { even += 1 }
    }
    // Half of them; standard error 0.5/√n = 0.0025.
    #expect(abs(Double(lower) / Double(count) - 0.5) <= 4 * 0.0025)
    #expect(abs(Double(even) / Double(count) - 0.5) <= 4 * 0.0025)
  }

  @Test(arguments: [0, 1, 2, 17, 54_000])
  func permutationsHoldEveryIndexOnce(count: Int) {
    var stream = RandomStream(seed: 5, purpose: .shuffle, step: 9)
    let permutation = stream.permutation(count: count)
    #expect(permutation.sorted() == (0..<count).map(Int32.init))
    var again = RandomStream(seed: 5, purpose: .shuffle, step: 9)
    #expect(again.permutation(count: count) == permutation)
    if count > 2 {
      var other = RandomStream(seed: 5, purpose: .shuffle, step: 10)
      #expect(other.permutation(count: count) != permutation)
    }
  }

  @Test func allPermutationsOfFourAreEquallyLikely() {
    var histogram: [[Int32]: Int] = [:]
    let count = 24_000
    for step in 0..<count {
      var stream = RandomStream(seed: 6, purpose: .testing, step: step)
      histogram[stream.permutation(count: 4), default: 0] += 1
    }
    #expect(histogram.count == 24)
    let chiSquare = histogram.values.reduce(0.0) { sum, seen in
      sum + (Double(seen) - 1000) * (Double(seen) - 1000) / 1000
    }
    // 23 degrees of freedom: five standard deviations above the mean.
    #expect(chiSquare <= 23 + 5 * (46.0).squareRoot())
  }
}
