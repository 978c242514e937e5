import Learning
import Testing

@Suite struct LossKnotsTests {
  @Test func hatsAddUpToOneAndAreOneAtTheirKnots() throws {
    let knots = try #require(LossKnots([0.1, 0.4, 1, 3]))
    for loss in [0, 0.1, 0.25, 0.4, 0.9, 2.2, 3, 50] {
      let hats = (0..<4).map { knots.hat($0, at: loss) }
      #expect(abs(hats.reduce(0) { $0 + $1.value } - 1) < 1e-12)
      #expect(abs(hats.reduce(0) { $0 + $1.slope }) < 1e-12)
      let sum = knots.sum([2, -1, 0.5, 4][...], at: loss)
      let expected = zip([2, -1, 0.5, 4], hats).reduce(0) { $0 + $1.0 * $1.1.value }
      #expect(abs(sum.value - expected) < 1e-12)
    }
    for k in 0..<4 { #expect(knots.hat(k, at: knots.places[k]).value == 1) }
    #expect(abs(knots.hat(0, at: 0.25).value - 0.5) < 1e-12)
  }

  @Test func refusesWhatDoesNotRise() {
    for places in [[1], [1, 1], [2, 1], [-1, 2], [0, .nan], [0, .infinity]] {
      #expect(LossKnots(places) == nil)
    }
    #expect(LossKnots("0 0.5 2")?.places == [0, 0.5, 2] && LossKnots("0 x") == nil)
    #expect(LossKnots.usual(classCount: 10).places == [0, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 4, 6, 10])
    #expect(LossKnots.usual(classCount: 100).places[9] == 20)
    let columns = LossKnots.columns(16, classCount: 10).places
    #expect(columns.count == 16 && columns[0] == 0 && abs(columns[15] - 10) < 1e-9)
  }
}
