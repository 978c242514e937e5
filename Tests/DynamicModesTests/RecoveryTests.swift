import DynamicModes
import Testing

/// On noiseless linear trajectories the future is known exactly.
///
/// Tolerances: the weakest direction of these Hankel matrices is 1e-3 to 1e-6 of the strongest, so
/// rounding (1e-16) reaches the modes as 1e-10 at most; 1e-8 leaves room for the eigenbasis.
@Suite struct RecoveryTests {
  static let exact = DynamicModeSettings(rank: .full, tolerance: 0.01)

  @Test(
    arguments: [
      [Complex(0.5)], [Complex(0.9), Complex(-0.7)], [polar(0.9, 0.6)],
      [Complex(0.8), polar(0.85, 1.1), Complex(-0.4)], [Complex(0.97), Complex(0.6)],
      [Complex(0), Complex(0.6)],
    ], [1, 3])
  func theLimitIsExact(eigenvalues: [Complex], q: Int) throws {
    let trajectory = LinearTrajectory(
      limit: Array([0.7, -0.2, 1.3].prefix(q)), eigenvalues: eigenvalues)
    for modes in ModeKind.allCases {
      for amplitudes in AmplitudeFit.allCases {
        var settings = Self.exact
        settings.modes = modes
        settings.amplitudes = amplitudes
        let state = trajectory.estimate(.dmd, steps: 30, settings: settings)
        #expect(state.used == .dmd && state.fallback == nil)
        let estimate = try #require(state.estimate)
        #expect(largestDifference(estimate, trajectory.limit) <= 1e-8)
        let spectrum = try #require(state.spectrum)
        #expect(spectrum.relativeResidual <= 1e-8)
        #expect(abs(spectrum.spectralRadius - 1) <= 1e-8)
        #expect(spectrum.modes.filter(\.isSteady).count == 1)
      }
    }
  }

  // λ = 0.97 is the trap: within the tolerance its mode stays where it is at the window's end.
  @Test func theToleranceDecidesWhetherASlowModeDies() throws {
    let trajectory = LinearTrajectory(limit: [1, -1], eigenvalues: [Complex(0.97), Complex(0.5)])
    let steps = 25
    let narrow = trajectory.estimate(
      .dmd, steps: steps, settings: DynamicModeSettings(rank: .full, tolerance: 0.02))
    let wide = trajectory.estimate(
      .dmd, steps: steps, settings: DynamicModeSettings(rank: .full, tolerance: 0.05))
    #expect(largestDifference(try #require(narrow.estimate), trajectory.limit) <= 1e-8)
    let slow = LinearTrajectory(limit: [1, -1], eigenvalues: [Complex(0.97)])
    #expect(
      largestDifference(try #require(wide.estimate), slow.state(at: steps - 1)) <= 1e-8)
    #expect(narrow.spectrum?.modes.filter(\.isSteady).count == 1)
    #expect(wide.spectrum?.modes.filter(\.isSteady).count == 2)
  }

  // The paper drops what grows, and reads a pair on the circle as 1: it stays where it is.
  @Test func growingModesAreDroppedAndPairsOnTheCircleStay() throws {
    let onCircle = polar(1, 0.8)
    let all = LinearTrajectory(
      limit: [0.5, 0.1, -0.3], eigenvalues: [onCircle, Complex(1.2), polar(0.8, 2)])
    let state = all.estimate(.dmd, steps: 24, settings: Self.exact)
    let kept = LinearTrajectory(limit: all.limit, eigenvalues: [onCircle])
    #expect(largestDifference(try #require(state.estimates[.dmd]), kept.state(at: 23)) <= 1e-7)
    #expect(state.spectrum?.modes.filter(\.isSteady).count == 3)
    #expect(abs((state.spectrum?.spectralRadius ?? 0) - 1.2) <= 1e-8)
  }

  @Test(arguments: [0, 1, 7, 60])
  func theHorizonIsExact(horizon: Int) throws {
    let trajectory = LinearTrajectory(
      limit: [0.7, -0.2, 1.3], eigenvalues: [Complex(0.97), polar(0.95, 0.4), Complex(-0.6)])
    for modes in ModeKind.allCases {
      var settings = Self.exact
      settings.modes = modes
      let state = trajectory.estimate(
        .dmdHorizon, steps: 30, settings: settings, horizon: horizon)
      // The last observed step is number 29.
      #expect(
        largestDifference(try #require(state.estimate), trajectory.state(at: 29 + horizon)) <= 1e-8)
      #expect(state.used == .dmdHorizon)
    }
  }

  @Test func theHorizonOfAGrowingModeStopsAtTheWindowsEnd() throws {
    let trajectory = LinearTrajectory(limit: [0.3], eigenvalues: [Complex(1.1)])
    let state = trajectory.estimate(.dmdHorizon, steps: 16, settings: Self.exact, horizon: 5000)
    #expect(
      largestDifference(try #require(state.estimates[.dmdHorizon]), trajectory.state(at: 15))
        <= 1e-8)
  }

  @Test(
    arguments: [
      [Complex(0.9)], [Complex(0.8), Complex(-0.5)], [polar(0.9, 0.7), Complex(0.97)],
    ])
  func theAffineFixedPointIsExact(eigenvalues: [Complex]) throws {
    let trajectory = LinearTrajectory(limit: [0.7, -0.2, 1.3, 4], eigenvalues: eigenvalues)
    let settings = DynamicModeSettings(ridge: 0)
    let state = trajectory.estimate(.affine, steps: 12, settings: settings)
    #expect(state.used == .affine && state.fallback == nil)
    #expect(largestDifference(try #require(state.estimate), trajectory.limit) <= 1e-8)
  }

  // A general map h ↦ A h + c with its fixed point solved by hand: h₁ = h₁/2 + 1 = 2 and
  // h₂ = h₁/4 − h₂/2 + 1 = 1.
  @Test func theAffineFixedPointOfAGivenMap() throws {
    var (first, second) = (5.0, -3.0)
    var trajectory: [Double] = []
    for _ in 0..<12 {
      trajectory += [first, second]
      (first, second) = (first / 2 + 1, first / 4 - second / 2 + 1)
    }
    let state = estimateSteadyState(
      trajectory: trajectory, steps: 12, hyperparameters: 2, requested: .affine,
      settings: DynamicModeSettings(ridge: 0), horizon: 0)
    #expect(largestDifference(try #require(state.estimate), [2, 1]) <= 1e-10)
  }

  @Test(arguments: Estimator.allCases)
  func aConstantTrajectoryIsItsOwnLimit(estimator: Estimator) throws {
    let trajectory = LinearTrajectory(limit: [3.7, -1e-3, 0], eigenvalues: [])
    let state = trajectory.estimate(estimator, steps: 20, settings: DynamicModeSettings())
    #expect(state.used == estimator && state.fallback == nil)
    // Rounding of a sum of ten and, for the horizon, of a thousand powers of λ = 1 ± 1e-16.
    #expect(largestDifference(try #require(state.estimate), trajectory.limit) <= 1e-11)
  }

  // Scaling by a power of two is exact, so the answers must scale exactly too, also where squares
  // would overflow or vanish.
  @Test(arguments: [-900, -300, 40, 900])
  func answersScaleWithTheTrajectory(exponent: Int) throws {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let trajectory = LinearTrajectory(limit: [0.7, -0.2], eigenvalues: [Complex(0.9)]).observed(20)
    func answers(_ values: [Double]) -> SteadyState {
      estimateSteadyState(
        trajectory: values, steps: 20, hyperparameters: 2, requested: .dmd,
        settings: DynamicModeSettings(), horizon: 10)
    }
    let (plain, scaled) = (answers(trajectory), answers(trajectory.map { $0 * factor }))
    #expect(scaled.fallback == nil)
    for estimator in Estimator.allCases {
      #expect(scaled.estimates[estimator] == plain.estimates[estimator]?.map { $0 * factor })
    }
  }
}
