import DynamicModes
import Hypergradients
import Testing

/// What becomes of columns between windows.
struct CarryTests {
  @Test func factorsAreAsLongAsTrainingIs() {
    #expect(Carry.decay(0.3).factor(window: 50, remaining: 50) == 0.3)
    // Columns that remember τ / (1 − d) steps remember those that are left.
    for remaining in [2000, 450, 100] {
      let factor = Carry.remaining.factor(window: 50, remaining: remaining)
      #expect(abs(50 / (1 - factor) - Double(remaining)) <= 1e-9 * Double(remaining))
    }
    #expect(Carry.remaining.factor(window: 50, remaining: 50) == 0)
    // A last window may be shorter than the others.
    #expect(Carry.remaining.factor(window: 50, remaining: 20) == 0)
  }

  @Test func textsAreReadBack() {
    for carry in [Carry.remaining, 0, 0.25, 1] { #expect(Carry("\(carry)") == carry) }
    #expect(Carry("forever") == nil)
    #expect([Carry.remaining, 1, 0, 0.5].sorted() == [0, 0.5, 1, .remaining])
  }

  /// φ stands still: the second of three windows has half of what full memory adds to a reset, for
  /// columns are linear in their start, and the last window is a reset.
  @Test(arguments: InnerOptimizerKind.allCases)
  func columnsRememberAsManyStepsAsFollow(kind: InnerOptimizerKind) throws {
    func windows(_ carry: Carry) throws -> [[Double]] {
      try run(
        TuningSettings(method: .local, steps: 24, window: 8, carry: carry), kind: kind,
        outer: .sgd(learningRate: 0)
      ).finish().map(\.hypergradients)
    }
    let (reset, full) = (try windows(0), try windows(1))
    let remaining = try windows(.remaining)
    #expect(remaining[0] == reset[0] && remaining[2] == reset[2])
    #expect(reset[2] != full[2], "memory must matter here")
    for (value, (a, b)) in zip(remaining[1], zip(reset[1], full[1])) {
      // The factor is 1 − 8 / 16. Rounding of sums over a few hundred products.
      #expect(abs(value - (a + 0.5 * (b - a))) <= 1e-12 * max(abs(a), abs(b), 1e-3))
    }
  }
}
