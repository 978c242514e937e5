import DynamicModes
import Testing

/// Conjugate modes are kept or dropped together, and what comes out is real.
@Suite struct ConjugatePairTests {
  private let pair = polar(0.98, 0.5)

  @Test(arguments: [(0.01, 1), (0.05, 3)])
  func bothMembersAreKeptOrDropped(tolerance: Double, steady: Int) throws {
    let trajectory = LinearTrajectory(limit: [1, 2], eigenvalues: [pair])
    let state = trajectory.estimate(
      .dmd, steps: 20, settings: DynamicModeSettings(rank: .full, tolerance: tolerance))
    let modes = try #require(state.spectrum).modes
    #expect(modes.count == 3)
    #expect(modes.filter(\.isSteady).count == steady)
    let members = modes.filter { $0.imaginary != 0 }
    #expect(members.count == 2)
    #expect(members[0].real == members[1].real && members[0].imaginary == -members[1].imaginary)
    #expect(members[0].amplitude == members[1].amplitude)
    #expect(members[0].isSteady == members[1].isSteady)
    #expect(abs(members[0].modulus - 0.98) <= 1e-8)
  }

  // A kept pair is left where it is at the window's end, so the estimate is the last state itself.
  @Test func aKeptPairIsReadAtTheEnd() throws {
    let trajectory = LinearTrajectory(limit: [1, 2], eigenvalues: [pair])
    let state = trajectory.estimate(
      .dmd, steps: 20, settings: DynamicModeSettings(rank: .full, tolerance: 0.05))
    #expect(largestDifference(try #require(state.estimate), trajectory.state(at: 19)) <= 1e-8)
  }

  // Rank 2 of 3: dgeev still returns a pair or two real values, never half a pair.
  @Test(arguments: 1...5)
  func aTruncatedRankHasWholePairs(rank: Int) throws {
    let trajectory = LinearTrajectory(
      limit: [1, 2, -1], eigenvalues: [pair, polar(0.9, 1.5), Complex(0.7)])
    let state = trajectory.estimate(
      .dmdHorizon, steps: 24, settings: DynamicModeSettings(rank: .fixed(rank)))
    let modes = try #require(state.spectrum).modes
    #expect(modes.count == rank)
    #expect(abs(modes.reduce(0) { $0 + $1.imaginary }) <= 0)
  }

  // Re(w b φ) doubled: the pair's sum w b φ + conj(w b φ), written out.
  @Test func aPairContributesTwiceItsRealPart() throws {
    let trajectory = LinearTrajectory(limit: [1, 2], eigenvalues: [pair])
    let decomposition = try DynamicModeDecomposition(
      of: hankelMatrix(
        trajectory: trajectory.observed(20), steps: 20, hyperparameters: 2, stacks: 5),
      rank: .full, modes: .projected, amplitudes: .all)
    let mode = try #require(decomposition.modes.first { $0.isPair })
    let weight = mode.eigenvalue.power(7)
    let sum = decomposition.combination(rows: 0..<10) { $0.isPair ? weight : nil }
    let real = Matrix.product(decomposition.basis, mode.real)
    let imaginary = Matrix.product(decomposition.basis, mode.imaginary)
    let expected = zip(real, imaginary).map { 2 * (weight * mode.amplitude * Complex($0, $1)).real }
    #expect(largestDifference(sum, expected) <= 1e-13)
    // And it is what the trajectory does around its limit, the first two of five stacks.
    let deviation = zip(trajectory.state(at: 7), trajectory.limit).map { $0 - $1 }
    #expect(largestDifference(Array(sum.prefix(2)), deviation) <= 1e-8)
  }
}
