import Testing

@testable import Runs

@Suite struct LabelDetectionTests {
  /// Three wrong labels among six, places 1, 2 and 5 of the order: seven of nine pairs are right.
  @Test func countsByHand() throws {
    let found = LabelDetection(order: [true, true, false, false, true, false], listed: 2)
    #expect(found.wrong == 3 && found.hits == 2 && found.listed == 2 && found.hitsAtCount == 2)
    #expect(abs(try #require(found.area) - 7.0 / 9) < 1e-12)
    #expect(found.sentence.contains("100 % of the 2 listed") && found.sentence.contains("66.7 %"))
  }

  @Test func oneKindAloneHasNoCurve() {
    #expect(LabelDetection(order: [false, false], listed: 1).area == nil)
    #expect(LabelDetection(order: [false], listed: 5).sentence == "no label is wrong")
    #expect(LabelDetection(order: [true], listed: 1).area == nil)
  }
}
