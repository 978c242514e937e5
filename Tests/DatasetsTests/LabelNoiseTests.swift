import Testing

@testable import Datasets

@Suite struct LabelNoiseTests {
  private let images = LongTailTests.set(perClass: 400, classes: 10)

  private func wrong(_ noisy: ImageSet) -> [Int] {
    (0..<noisy.count).filter { noisy.label(at: $0) != noisy.trueLabel(at: $0) }
  }

  @Test(arguments: [0.1, 0.4, 0.9], LabelNoise.Pattern.allCases)
  func changesItsShare(share: Double, pattern: LabelNoise.Pattern) {
    let noisy = LabelNoise(pattern, share: share).applied(to: images, seed: 3)
    #expect(noisy.count == images.count)
    #expect(wrong(noisy).count == Int((share * 4000).rounded()))
    for index in 0..<images.count {
      #expect(noisy.trueLabel(at: index) == images.label(at: index))
      #expect(noisy.bytes(at: index) == images.bytes(at: index))
      #expect(noisy.position(at: index) == index)
    }
  }

  @Test func symmetricNoiseIsUniformOverTheOthers() {
    let noisy = LabelNoise(.symmetric, share: 0.9).applied(to: images, seed: 5)
    var shifts = [Int](repeating: 0, count: 10)
    for index in wrong(noisy) {
      shifts[(noisy.label(at: index) - noisy.trueLabel(at: index) + 10) % 10] += 1
    }
    // 3600 draws over nine: 400 each, with a standard deviation of 19.
    #expect(shifts[0] == 0 && shifts[1...].allSatisfy { abs($0 - 400) < 95 }, "\(shifts)")
  }

  @Test func pairNoiseGivesTheNextClass() {
    let noisy = LabelNoise(.pair, share: 0.4).applied(to: images, seed: 5)
    for index in wrong(noisy) {
      #expect(noisy.label(at: index) == (noisy.trueLabel(at: index) + 1) % 10)
    }
  }

  @Test func isAFunctionOfTheSeedAndGrows() {
    func indices(_ share: Double, _ seed: UInt64) -> [Int] {
      wrong(LabelNoise(.symmetric, share: share).applied(to: images, seed: seed))
    }
    #expect(indices(0.2, 1) == indices(0.2, 1) && indices(0.2, 1) != indices(0.2, 2))
    #expect(Set(indices(0.2, 1)).isSubset(of: indices(0.4, 1)))
  }

  @Test func onlyTrainingImagesAreTouched() throws {
    func split(_ noise: LabelNoise) throws -> ImageSplit {
      try ImageSplit(
        images, validation: 500, kind: .balanced, trainLimit: 3000, imbalance: 10, noise: noise,
        seed: 7)
    }
    let (clean, noisy) = (try split(.none), try split(LabelNoise(.symmetric, share: 0.4)))
    #expect(LongTailTests.numbers(clean.training) == LongTailTests.numbers(noisy.training))
    #expect(wrong(clean.training).isEmpty && wrong(noisy.validation).isEmpty)
    #expect(wrong(noisy.training).count == Int((0.4 * Double(noisy.training.count)).rounded()))
    #expect(
      (0..<500).allSatisfy { clean.validation.label(at: $0) == noisy.validation.label(at: $0) })
  }

  @Test func readsWhatItWrites() {
    for noise in [
      LabelNoise.none, LabelNoise(.symmetric, share: 0.4), LabelNoise(.pair, share: 0.25),
    ] {
      #expect(LabelNoise(noise.description) == noise)
    }
    for text in ["1", "-0.1", "nan", "pair", "pair 0.4 0.4", "other 0.4", ""] {
      #expect(LabelNoise(text) == nil, "\(text)")
    }
  }
}
