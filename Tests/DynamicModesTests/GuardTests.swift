import DynamicModes
import Testing

/// One test per guard: each falls back to the tail mean with its own reason, never to zero.
@Suite struct GuardTests {
  static let settings = DynamicModeSettings(stacks: 4, rank: .full, tolerance: 0.02)

  private func estimate(
    _ trajectory: [Double], _ requested: Estimator, q: Int = 1,
    settings: DynamicModeSettings = Self.settings, horizon: Int = 100
  ) -> SteadyState {
    estimateSteadyState(
      trajectory: trajectory, steps: trajectory.count / q, hyperparameters: q,
      requested: requested, settings: settings, horizon: horizon)
  }

  private func expectTailMean(
    _ state: SteadyState, _ trajectory: [Double], _ name: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let mean = trajectory.suffix(4).reduce(0, +) / 4
    let reason = try #require(state.fallback, sourceLocation: sourceLocation)
    #expect(reason.name == name, sourceLocation: sourceLocation)
    #expect(state.used == .tailMean, sourceLocation: sourceLocation)
    let answer = try #require(state.estimate?.first, sourceLocation: sourceLocation)
    // A sum of four numbers, in another unit.
    #expect(abs(answer - mean) <= 1e-15 * abs(mean), sourceLocation: sourceLocation)
    #expect(reason.description.hasSuffix("."), sourceLocation: sourceLocation)
  }

  @Test func noModeNearTheUnitCircle() throws {
    let trajectory = LinearTrajectory(limit: [0], eigenvalues: [Complex(0.8), Complex(0.5)])
      .observed(12)
    let state = estimate(trajectory, .dmd)
    try expectTailMean(state, trajectory, "no-mode-near-unit-circle")
    guard case .noModeNearUnitCircle(let closest, let tolerance) = state.fallback else { return }
    #expect(abs(closest - 0.8) <= 1e-8 && tolerance == 0.02)
    // The others are not concerned.
    #expect(state.reasons[.dmdHorizon] == nil && state.reasons[.affine] == nil)
  }

  @Test(arguments: [Estimator.dmd, .dmdHorizon])
  func aZeroTrajectory(estimator: Estimator) {
    let state = estimate(Array(repeating: 0, count: 24), estimator, q: 2)
    #expect(state.fallback == .rankZero && state.used == .tailMean)
    #expect(state.estimate == [0, 0])
    #expect(state.spectrum?.rank == 0 && state.spectrum?.relativeResidual == 0)
    #expect(state.spectrum?.spectralRadius == 0 && state.spectrum?.modes == [])
    #expect(state.reasons[.affine] == nil && state.estimates[.affine] == [0, 0])
  }

  // One impulse marching through orthogonal Hankel columns: all singular values are equal, which is
  // what the hard threshold takes for pure noise.
  @Test func nothingAboveTheNoise() throws {
    var trajectory = Array(repeating: 0.0, count: 7)
    trajectory[3] = 1
    var settings = Self.settings
    settings.rank = .hardThreshold
    let state = estimate(trajectory, .dmd, settings: settings)
    try expectTailMean(state, trajectory, "rank-zero")
  }

  // A drift has λ = 1 twice and one eigenvector.
  @Test(arguments: [Estimator.dmd, .dmdHorizon])
  func anIllConditionedEigenbasis(estimator: Estimator) throws {
    let trajectory = (0..<16).map { 2 + 0.3 * Double($0) }
    let state = estimate(trajectory, estimator)
    try expectTailMean(state, trajectory, "ill-conditioned-eigenbasis")
    #expect((state.spectrum?.eigenbasisCondition ?? 0) > 1e6)
  }

  @Test func aDriftHasNoFixedPoint() throws {
    let trajectory = (0..<16).map { 2 + 0.3 * Double($0) }
    try expectTailMean(
      estimate(trajectory, .affine, settings: DynamicModeSettings(stacks: 4, ridge: 0)), trajectory,
      "no-fixed-point")
  }

  @Test func aRepellingFixedPointIsNoLimit() throws {
    let trajectory = LinearTrajectory(limit: [3], eigenvalues: [Complex(1.2)]).observed(10)
    let state = estimate(trajectory, .affine, settings: DynamicModeSettings(stacks: 4, ridge: 0))
    try expectTailMean(state, trajectory, "repelling-fixed-point")
    // It is still logged for what it is.
    #expect(abs((state.estimates[.affine]?.first ?? 0) - 3) <= 1e-8)
  }

  // From 1 towards 1 − 100 at λ = 0.995: after 16 steps the largest |h| is about 6.
  @Test(arguments: [Estimator.dmd, .affine, .dmdHorizon])
  func anEstimateBeyondTheCap(estimator: Estimator) throws {
    let trajectory = (0..<16).map { 1 - 100 * (1 - Complex(0.995).power($0).real) }
    let settings = DynamicModeSettings(stacks: 4, rank: .full, tolerance: 0.001, ridge: 0)
    let state = estimate(trajectory, estimator, settings: settings, horizon: 3000)
    try expectTailMean(state, trajectory, "beyond-cap")
    #expect(abs((state.estimates[estimator]?.first ?? 0) + 99) <= 1e-3)
    var lenient = settings
    lenient.cap = 50
    #expect(estimate(trajectory, estimator, settings: lenient, horizon: 3000).fallback == nil)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity], Estimator.allCases)
  func aTrajectoryThatIsNotFinite(value: Double, estimator: Estimator) {
    var trajectory = LinearTrajectory(limit: [1, 2], eigenvalues: [Complex(0.5)]).observed(12)
    trajectory[2 * 7 + 1] = value
    let state = estimate(trajectory, estimator, q: 2)
    #expect(state.fallback == .trajectoryNotFinite(step: 7))
    #expect(state.estimate == nil && state.used == nil && state.spectrum == nil)
    #expect(state.estimates.isEmpty && state.reasons.count == Estimator.allCases.count)
  }

  @Test func anEstimateThatOverflows() {
    // The limit 99 times farther out than the largest double allows.
    let trajectory = (0..<16).map {
      1e307 * (1 - 100 * (1 - Complex(0.995).power($0).real))
    }
    var settings = DynamicModeSettings(stacks: 4, rank: .full, tolerance: 0.001, ridge: 0)
    settings.cap = 1e6
    let state = estimate(trajectory, .dmd, settings: settings)
    #expect(state.fallback == .estimateNotFinite && state.used == .tailMean)
    #expect(state.estimates[.dmd] == nil)
    #expect(state.estimate?.allSatisfy { $0.isFinite && $0 != 0 } == true)
  }

  @Test(arguments: [1, 2, 5])
  func tooFewSteps(steps: Int) {
    let trajectory = (1...steps).map(Double.init)
    let state = estimate(trajectory, .dmd)
    #expect(state.fallback == .tooFewSteps(observed: steps, needed: 6))
    #expect(state.used == .tailMean && state.spectrum == nil)
    #expect(estimate(trajectory, .last).estimate == [Double(steps)])
    #expect((state.estimates[.affine] == nil) == (steps < 3))
  }

  // A last step 1e100 times larger than the others gives λ ≈ 1e99; its powers over the window
  // overflow, and LAPACK refuses what comes of them.
  @Test(arguments: [Estimator.dmd, .dmdHorizon])
  func aFactorizationThatFails(estimator: Estimator) throws {
    let trajectory = Array(repeating: 1e-100, count: 15) + [1]
    let state = estimate(trajectory, estimator)
    try expectTailMean(state, trajectory, "factorization-failed")
    #expect(state.fallback?.description.contains("dgelsd") == true)
  }
}
