import Hypergradients
import Testing

/// The outer optimizers against numbers worked out elsewhere.
struct OuterOptimizerTests {
  static let hypergradients: [[Double]] = [[0.5, -2e-3], [0.25, 4e-3], [-1, 0], [0.125, 1e-3]]

  /// Kingma and Ba's algorithm 1 from φ = (0.3, −4) with lr 0.1 and their other defaults, worked out in
  /// 50 digits with Python's decimal module.
  static let adam: [[Double]] = [
    [0.20000000199999995, -3.9000004999975],
    [0.10678204047746166, -3.9366107369467205],
    [0.12741774288541075, -3.964910536079177],
    [0.13791371257437893, -4.000226642476905],
  ]

  @Test func adamIsKingmaAndBas() {
    var raw = [0.3, -4.0]
    var state = OuterState(count: 2)
    for (h, expected) in zip(Self.hypergradients, Self.adam) {
      OuterOptimizer.adam(learningRate: 0.1).update(&raw, along: h, &state)
      // 1 − 0.999 loses three digits of sixteen, of a step of 0.1.
      #expect(abs(raw[0] - expected[0]) <= 1e-13)
      #expect(abs(raw[1] - expected[1]) <= 1e-13)
    }
    #expect(state.step == 4)
  }

  @Test func adamsFirstStepIsTheLearningRate() {
    var raw = [1.0, -1.0]
    var state = OuterState(count: 2)
    OuterOptimizer.adam(learningRate: 0.1).update(&raw, along: [1e6, -1e-3], &state)
    // |h|/(|h| + ε): 1 − 1e-5 for the smaller one.
    #expect(abs(raw[0] - 0.9) <= 1e-12)
    #expect(abs(raw[1] + 0.9) <= 2e-6)
    #expect(state.step == 1)
  }

  @Test func aZeroHypergradientMovesNothing() {
    var raw = [1.0]
    var state = OuterState(count: 1)
    OuterOptimizer.adam(learningRate: 0.1).update(&raw, along: [0], &state)
    #expect(raw == [1])
  }

  @Test func velocityGathers() {
    var raw = [1.0]
    var state = OuterState(count: 1)
    let sgd = OuterOptimizer.sgd(learningRate: 0.5, momentum: 0.5)
    for _ in 0..<3 { sgd.update(&raw, along: [1], &state) }
    // Velocities 1, 1.5, 1.75: exact in binary.
    #expect(raw == [1 - 0.5 * 4.25])
    #expect(state.second == [0])
  }

  /// PyTorch's Rprop from φ = (0.3, −4) with lr 0.2, factors 0.5 and 1.2 and steps up to 0.25; printed by
  /// scripts/reference/rprop.py.
  static let rprop: [(h: [Double], raw: [Double])] = [
    ([0.5, -2e-3], [0.09999999999999998, -3.8]), ([0.25, 4e-3], [-0.14, -3.8]),
    ([-1, 0], [-0.14, -3.8]), ([0.125, 1e-3], [-0.26, -3.9]), ([2, 1e-3], [-0.404, -4.02]),
    ([3, -1e-200], [-0.5768, -4.02]), ([1, -1e-200], [-0.78416, -3.9599999999999995]),
  ]

  @Test func rpropIsPyTorchs() {
    var raw = [0.3, -4.0]
    var state = OuterState(count: 2)
    for (h, expected) in Self.rprop {
      OuterOptimizer.rprop(learningRate: 0.2, largest: 0.25).update(&raw, along: h, &state)
      // A few units in the last place: sums in another order.
      #expect(zip(raw, expected).allSatisfy { abs($0 - $1) <= 1e-15 * 4 }, "\(raw)")
    }
  }

  @Test func rpropSeesSignsAlone() {
    var (raw, scaled) = ([0.3, -4.0], [0.3, -4.0])
    var (state, scaledState) = (OuterState(count: 2), OuterState(count: 2))
    for (h, _) in Self.rprop {
      OuterOptimizer.rprop(learningRate: 0.2).update(&raw, along: h, &state)
      OuterOptimizer.rprop(learningRate: 0.2).update(
        &scaled, along: h.map { 1e-150 * $0 }, &scaledState)
    }
    // 1e-200 × 1e-150 is zero: the last two entries of the second hyperparameter are left out.
    #expect(raw[0] == scaled[0] && state.second[0] == scaledState.second[0])
  }

  @Test func rpropsStepsStayWithinTheirBounds() {
    var raw = [0.0]
    var state = OuterState(count: 1)
    let optimizer = OuterOptimizer.rprop(learningRate: 0.1, smallest: 0.08, largest: 0.13)
    var steps: [Double] = []
    for h in [1.0, 1, 1, -1, 1, -1, 1, -1, 1] {
      optimizer.update(&raw, along: [h], &state)
      steps.append(state.second[0])
    }
    #expect(steps == [0.1, 0.1 * 1.2, 0.13, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08])
  }

  /// Where PyTorch multiplies two hypergradients, and the product vanishes, the sign still counts.
  @Test func rpropGrowsWithTinyHypergradients() {
    var raw = [0.0]
    var state = OuterState(count: 1)
    for _ in 0..<2 { OuterOptimizer.rprop(learningRate: 0.1).update(&raw, along: [1e-200], &state) }
    #expect(state.second == [0.1 * 1.2])
    #expect(raw == [-0.1 - 0.1 * 1.2])
  }

  @Test(arguments: [
    OuterOptimizer.adam(learningRate: 0.1), .sgd(learningRate: 0.1, momentum: 0.9),
    .rprop(learningRate: 0.1),
  ])
  func aStateThatWasPutAsideGoesOnWithTheSameBits(optimizer: OuterOptimizer) {
    var raw = [0.3, -4.0]
    var state = OuterState(count: 2)
    var saved = (raw, state)
    for (i, h) in Self.hypergradients.enumerated() {
      if i == 2 { saved = (raw, state) }
      optimizer.update(&raw, along: h, &state)
    }
    for h in Self.hypergradients[2...] { optimizer.update(&saved.0, along: h, &saved.1) }
    #expect(saved == (raw, state))
  }
}
