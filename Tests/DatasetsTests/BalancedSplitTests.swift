import Testing

@testable import Datasets

@Suite struct BalancedSplitTests {
  /// Classes of very different size: image i has label ⌊√i⌋ mod 7.
  private let uneven: ImageSet = {
    let labels = (0..<900).map { UInt8(Int(Double($0).squareRoot()) % 7) }
    return ImageSet(
      name: "uneven", height: 1, width: 2, channels: 1, classCount: 7,
      normalisation: Normalisation(mean: [0], deviation: [1]),
      pixels: (0..<900).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }, labels: labels)
  }()

  private func split(_ validation: Int, seed: UInt64 = 1) throws -> ImageSplit {
    try ImageSplit(uneven, validation: validation, kind: .balanced, trainLimit: nil, seed: seed)
  }

  @Test func holdsOutTheSameNumberOfEveryClass() throws {
    let parts = try split(210)
    #expect(parts.validation.classHistogram == Array(repeating: 30, count: 7))
    let (left, heldOut) = (
      LongTailTests.numbers(parts.training), LongTailTests.numbers(parts.validation)
    )
    #expect((left + heldOut).sorted() == Array(0..<900))
    #expect(left == left.sorted() && heldOut == heldOut.sorted())
  }

  @Test func isAFunctionOfTheSeed() throws {
    let heldOut = LongTailTests.numbers(try split(210).validation)
    #expect(LongTailTests.numbers(try split(210).validation) == heldOut)
    #expect(LongTailTests.numbers(try split(210, seed: 2).validation) != heldOut)
  }

  @Test func refusesUnevenSharesAndSmallClasses() {
    #expect(throws: SplitError.unevenShares(validation: 100, classes: 7, set: "uneven")) {
      try split(100)
    }
    #expect(throws: SplitError.unevenShares(validation: 3, classes: 7, set: "uneven")) {
      try split(3)
    }
    let counts = uneven.classHistogram
    let smallest = counts.min() ?? 0
    let short = SplitError.classTooSmall(
      validation: 7 * smallest, share: smallest, label: counts.firstIndex(of: smallest) ?? -1,
      set: "uneven", available: smallest)
    #expect(throws: short) { try split(7 * smallest) }
    #expect(short.description.contains("of uneven, which has \(smallest)"))
  }
}
