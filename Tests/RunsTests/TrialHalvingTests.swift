import Testing

@testable import Runs

/// Who goes on to the next rung.
@Suite("Successive halving") struct TrialHalvingTests {
  @Test(
    "the usual rungs",
    arguments: [
      (12, 20, 3, [3, 7, 20]), (1, 20, 3, [20]), (2, 20, 3, [20]), (3, 20, 3, [7, 20]),
      (100, 4, 2, [1, 2, 4]), (27, 81, 3, [3, 9, 27, 81]), (9, 1, 3, [1]),
    ] as [(Int, Int, Int, [Int])])
  func rungs(count: Int, windows: Int, eta: Int, expected: [Int]) {
    #expect(Bracket.usualRungs(count: count, windows: windows, eta: eta) == expected)
  }

  @Test("sizes and windows")
  func sizes() {
    let bracket = Bracket(trials: Array(0..<12), rungs: [3, 7, 20], eta: 3)
    #expect(bracket.sizes == [12, 4, 1])
    #expect(bracket.windowsInAll == Double(12 * 3 + 4 * 4 + 13))
  }

  /// A trial's badness is its position reversed, but for two that are alike.
  @Test("the best go on, ties to the lower number")
  func survivors() {
    let bracket = Bracket(trials: [4, 5, 6, 7, 8, 9], rungs: [1, 2], eta: 3)
    let badness: [Int: Double] = [4: 3, 5: 1, 6: 2, 7: 1, 8: .infinity, 9: 1]
    let members = bracket.members(ofRung: 1) { trial, window in
      #expect(window == 1)
      return .under(badness[trial] ?? .infinity)
    }
    #expect(members == [5, 7])
  }

  @Test("failed trials are left, and nothing is decided too early")
  func failures() {
    let bracket = Bracket(trials: [0, 1, 2, 3], rungs: [1, 2, 4], eta: 2)
    let afterFirst = bracket.members(ofRung: 1) { trial, _ in
      trial == 0 ? .failed : .under(Double(trial))
    }
    #expect(afterFirst == [1, 2])
    let tooEarly = bracket.members(ofRung: 2) { trial, window in
      window == 2 && trial == 1 ? .onTheWay : .under(Double(trial))
    }
    #expect(tooEarly == nil)
    #expect(bracket.members(ofRung: 1) { _, _ in .failed } == [])
    #expect(bracket.members(ofRung: 0) { _, _ in .onTheWay } == [0, 1, 2, 3])
  }
}
