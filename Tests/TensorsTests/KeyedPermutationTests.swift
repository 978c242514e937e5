import Testing

@testable import Tensors

@Suite("Permutations without a table") struct KeyedPermutationTests {
  @Test(
    "hold every number once", arguments: [1, 2, 3, 4, 5, 16, 17, 64, 65, 1000, 4096, 5000])
  func bijection(count: Int) {
    for seed: UInt64 in [0, 7] {
      let permutation = KeyedPermutation(count: count, seed: seed, purpose: .testing)
      let seen = (0..<count).map { permutation[$0] }
      #expect(seen.sorted() == Array(0..<count))
    }
  }

  @Test("are other ones for another seed, purpose or step")
  func keys() {
    func first(_ seed: UInt64, _ purpose: RandomPurpose, _ step: Int) -> [Int] {
      let permutation = KeyedPermutation(
        count: 40_000_000, seed: seed, purpose: purpose, step: step)
      return (0..<8).map { permutation[$0] }
    }
    let one = first(1, .shuffle, 3)
    #expect(one == first(1, .shuffle, 3))
    #expect(one != first(2, .shuffle, 3) && one != first(1, .split, 3))
    #expect(one != first(1, .shuffle, 4))
    #expect(one.allSatisfy { (0..<40_000_000).contains($0) })
  }

  /// Chi-square of where 40 000 places of a large one lead, in 64 equal parts: 63 ± 5 · √126.
  @Test("spread neighbouring places evenly")
  func spread() {
    let count = 30_000_000
    let permutation = KeyedPermutation(count: count, seed: 5, purpose: .testing)
    var bins = [Int](repeating: 0, count: 64)
    var rising = 0
    var before = 0
    for place in 0..<40_000 {
      let value = permutation[place]
      bins[value * 64 / count] += 1
      if value > before { rising += 1 }
      before = value
    }
    let expected = 40_000.0 / 64
    let square = bins.reduce(0.0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    #expect(abs(square - 63) <= 57, "\(square)")
    // Half of the neighbours rise; runs of a random order have a variance of n / 12.
    #expect(abs(rising - 20_000) <= 300, "\(rising)")
  }
}
