import DynamicModes
import Foundation
import Testing

/// Thousands of hyperparameters, hundreds of steps, odd shapes.
@Suite struct LargeProblemTests {
  // The Hankel matrix is 30 730 × 11; anything of its height squared would need 7.5 GB.
  @Test func moreHyperparametersThanSteps() throws {
    let trajectory = LinearTrajectory(
      limit: (0..<3073).map { sin(Double($0)) }, eigenvalues: [Complex(0.9), polar(0.8, 0.5)])
    let state = trajectory.estimate(
      .dmd, steps: 20, settings: DynamicModeSettings(rank: .full, ridge: 0), horizon: 400)
    #expect(state.used == .dmd)
    // Every estimator but the two that do not extrapolate finds the limit; 0.9⁴⁰⁰ is 1e-18.
    for estimator in [Estimator.dmd, .dmdHorizon, .affine] {
      #expect(
        largestDifference(try #require(state.estimates[estimator]), trajectory.limit) <= 1e-8)
    }
    #expect(state.spectrum?.rank == 4)
    #expect(state.spectrum?.singularValues.count == 10)
  }

  // 91 Hankel columns, of which the full rank keeps 90: mostly noise.
  @Test func longTrajectoriesOfTheWeightNetwork() throws {
    let (q, steps) = (385, 100)
    let clean = LinearTrajectory(
      limit: (0..<q).map { cos(Double($0)) }, eigenvalues: [Complex(0.9), polar(0.85, 1)])
    let noise = (0..<q * steps).map { 1e-6 * sin(Double($0 * $0 % 7919)) }
    let trajectory = zip(clean.observed(steps), noise).map { $0 + $1 }
    for rank in [RankRule.full, .energy(0.9999999), .fixed(4), .hardThreshold] {
      let state = estimateSteadyState(
        trajectory: trajectory, steps: steps, hyperparameters: q, requested: .dmd,
        settings: DynamicModeSettings(rank: rank), horizon: 0)
      // After 90 steps 0.9ᵗ has left 1e-4 of the transient in the tail.
      #expect(
        largestDifference(try #require(state.estimates[.tailMean]), clean.limit) <= 1e-3)
      // With the right rank the noise of 1e-6 is all that is left; ten times that is allowed. The
      // full rank also fits modes to noise, some of them near the unit circle: no such promise.
      if rank != .full {
        #expect(state.used == .dmd)
        #expect(largestDifference(try #require(state.estimate), clean.limit) <= 1e-5)
      }
      #expect((state.spectrum?.relativeResidual ?? 1) <= 1e-5)
    }
  }

  // More Hankel columns than rows: the basis is then smaller than the number of snapshots.
  @Test func oneHyperparameterAndManySteps() throws {
    let trajectory = LinearTrajectory(limit: [0.4], eigenvalues: [Complex(0.9), polar(0.97, 0.3)])
    let state = trajectory.estimate(
      .dmd, steps: 100, settings: DynamicModeSettings(stacks: 8, rank: .full, tolerance: 0.01))
    #expect(state.used == .dmd)
    #expect(largestDifference(try #require(state.estimate), trajectory.limit) <= 1e-8)
  }

  @Test func theShortestTrajectoryThatHasModes() throws {
    let trajectory = LinearTrajectory(limit: [2], eigenvalues: [Complex(0.5)])
    let state = trajectory.estimate(
      .dmd, steps: 12, settings: DynamicModeSettings(stacks: 10, rank: .full))
    #expect(state.used == .dmd)
    #expect(largestDifference(try #require(state.estimate), [2]) <= 1e-8)
  }

  @Test func oneStackIsPlainDecomposition() throws {
    let trajectory = LinearTrajectory(
      limit: [2, 1, 0.5], eigenvalues: [Complex(0.5), Complex(0.8)])
    let state = trajectory.estimate(
      .dmd, steps: 10, settings: DynamicModeSettings(stacks: 1, rank: .full))
    #expect(state.used == .dmd)
    #expect(largestDifference(try #require(state.estimate), trajectory.limit) <= 1e-8)
  }
}
