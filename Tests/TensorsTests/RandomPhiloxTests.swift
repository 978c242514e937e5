import Testing

@testable import Tensors

/// Known answers of the authors: Random123, `examples/kat_vectors`, lines `philox4x32 10`.
@Suite struct RandomPhiloxTests {
  struct KnownAnswer: CustomTestStringConvertible, Sendable {
    let counter: Philox4x32.Block
    let key: Philox4x32.Key
    let block: Philox4x32.Block
    var testDescription: String { "counter \(counter), key \(key)" }
  }

  @Test(
    arguments: [
      KnownAnswer(
        counter: [0, 0, 0, 0], key: [0, 0],
        block: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      KnownAnswer(
        counter: [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff],
        key: [0xffff_ffff, 0xffff_ffff],
        block: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
      // Digits of π.
      KnownAnswer(
        counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
        key: [0xa409_3822, 0x299f_31d0],
        block: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
    ])
  func knownAnswers(_ known: KnownAnswer) {
    #expect(Philox4x32.block(counter: known.counter, key: known.key) == known.block)
  }

  @Test func aStreamReadsTheBlocksOfItsCounterInOrder() {
    let seed: UInt64 = 0x1122_3344_5566_7788
    let step = 0x0000_000a_0000_000b
    var stream = RandomStream(seed: seed, purpose: .glyphs, step: step)
    for block in 0..<3 {
      let expected = Philox4x32.block(
        counter: [UInt32(block), RandomPurpose.glyphs.rawValue, 0xb, 0xa],
        key: [0x5566_7788, 0x1122_3344])
      for lane in 0..<4 { #expect(stream.word() == expected[lane]) }
    }
  }

  @Test func seedPurposeAndStepAllMatter() {
    func first(_ seed: UInt64, _ purpose: RandomPurpose, _ step: Int) -> UInt64 {
      var stream = RandomStream(seed: seed, purpose: purpose, step: step)
      return stream.bits()
    }
    var seen: Set<UInt64> = []
    var asked = 0
    for seed in [0, 1, 1 << 32, UInt64.max] {
      for purpose in RandomPurpose.allCases {
        for step in [0, 1, 2, 1 << 32, Int.max] {
          seen.insert(first(seed, purpose, step))
          asked += 1
        }
      }
    }
    #expect(seen.count == asked)
    #expect(first(7, .split, 3) == first(7, .split, 3))
  }
}
