import DynamicModes
import Testing

@Suite struct RankRuleTests {
  @Test(arguments: [
    ("full", RankRule.full), ("fixed 5", .fixed(5)), ("energy 0.9999", .energy(0.9999)),
    ("energy 1", .energy(1)), ("hard-threshold", .hardThreshold), ("  fixed   7 ", .fixed(7)),
  ])
  func reads(text: String, rule: RankRule) throws {
    #expect(try RankRule(parsing: text) == rule)
    #expect(RankRule(text) == rule)
  }

  @Test(arguments: [RankRule.full, .fixed(12), .energy(0.9999), .energy(1e-3), .hardThreshold])
  func readsWhatItPrints(rule: RankRule) {
    #expect(RankRule(rule.description) == rule)
  }

  @Test(arguments: [
    "", "fixed", "fixed five", "fixed 0", "fixed -3", "fixed 2.5", "fixed 5 6", "energy",
    "energy 0", "energy 1.01", "energy nan", "energy -1", "energy x", "full 3", "Full", "hard",
    "hard-threshold 2",
  ])
  func refuses(text: String) {
    #expect(RankRule(text) == nil)
    #expect(throws: RankRuleSyntaxError.self) { try RankRule(parsing: text) }
  }

  @Test func refusalsNameTheTextAndTheRemedy() {
    do {
      _ = try RankRule(parsing: "fixd 5")
      Issue.record("\"fixd 5\" was read")
    } catch {
      #expect(error.description.contains("\"fixd 5\""))
      #expect(error.description.contains("fixed COUNT"))
    }
  }

  // Singular values 4, 2, 1 and rounding; squares 16, 4, 1 of 21 in all.
  @Test(arguments: [
    (RankRule.full, 3), (.fixed(2), 2), (.fixed(9), 3), (.energy(16.0 / 21), 1),
    (.energy(0.77), 2), (.energy(0.96), 3), (.energy(1), 3),
  ])
  func counts(rule: RankRule, expected: Int) {
    #expect(rule.rank(of: [4, 2, 1, 1e-17], rows: 30, columns: 4) == expected)
  }

  @Test(arguments: [RankRule.full, .fixed(1), .energy(1), .hardThreshold])
  func aZeroMatrixHasRankZero(rule: RankRule) {
    #expect(rule.rank(of: [0, 0], rows: 30, columns: 2) == 0)
  }

  // ω(5/50) = 1.6089; the median is 1, so the threshold is 1.6089.
  @Test func theHardThresholdSeparatesSignalFromNoise() {
    #expect(RankRule.hardThreshold.rank(of: [9, 1.62, 1, 1, 1], rows: 50, columns: 5) == 2)
    #expect(RankRule.hardThreshold.rank(of: [9, 1.59, 1, 1, 1], rows: 50, columns: 5) == 1)
    #expect(RankRule.hardThreshold.rank(of: [1.1, 1, 1, 1, 0.9], rows: 50, columns: 5) == 0)
  }
}
