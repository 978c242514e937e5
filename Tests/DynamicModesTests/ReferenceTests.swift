import DynamicModes
import Testing

/// Against NumPy, which goes another way: complex arithmetic, the SVD of X itself, complex least
/// squares, ridge by normal equations.
@Suite struct ReferenceTests {
  @Test func isPresent() {
    let golden = Golden.shared
    #expect(golden.provenance.generator == "scripts/reference/dynamic_modes.py")
    #expect(golden.matrices.count >= 6)
    #expect(golden.trajectories.count >= 4)
    #expect(golden.hardThresholds.count >= 5)
  }

  // Two backward stable ways differ by rounding (1e-16) times the condition of the kept part of X
  // and of the eigenbasis, together below 1e5 in these cases.
  static let tolerance = 1e-10

  @Test(arguments: Golden.shared.matrices)
  func modesMatch(_ reference: Golden.MatrixCase) throws {
    let decomposition = try DynamicModeDecomposition(
      of: Matrix(
        rows: reference.rows, columns: reference.columns, elements: reference.snapshots),
      rank: try RankRule(parsing: reference.rankRule),
      modes: try #require(ModeKind(rawValue: reference.modeKind)),
      amplitudes: try #require(AmplitudeFit(rawValue: reference.amplitudeFit)))

    #expect(decomposition.rank == reference.modes.count)
    let size = reference.singularValues[0]
    #expect(
      largestDifference(decomposition.singularValues, reference.singularValues)
        <= 1e-13 * size, "singular values are perturbed by rounding of the largest only")
    #expect(
      abs(decomposition.relativeResidual - reference.relativeResidual) <= Self.tolerance)
    #expect(
      decomposition.modes.reduce(0) { $0 + ($1.isPair ? 2 : 1) } == decomposition.rank)

    for mode in decomposition.modes {
      let index = try #require(
        reference.modes.indices.min {
          distance(reference.eigenvalues[$0], mode.eigenvalue)
            < distance(reference.eigenvalues[$1], mode.eigenvalue)
        })
      #expect(distance(reference.eigenvalues[index], mode.eigenvalue) <= Self.tolerance)
      #expect(mode.isPair == (reference.eigenvalues.imaginary[index] > 0))

      let direction = full(mode, in: decomposition)
      let expected = (0..<reference.rows).map { reference.modes[index][$0] }
      #expect(
        abs(overlap(direction, expected) - 1) <= Self.tolerance,
        "unit vectors that differ by a phase only have an inner product of modulus 1")
      // b alone depends on the mode's phase; φ b does not.
      let amplitude = reference.amplitudes[index]
      #expect(abs(mode.amplitude.modulus - amplitude.modulus) <= Self.tolerance * size)
      for (ours, theirs) in zip(direction, expected) {
        #expect(
          distance(mode.amplitude * ours, amplitude * theirs) <= Self.tolerance * size)
      }
    }
  }

  @Test(arguments: Golden.shared.trajectories)
  func estimatesMatch(_ reference: Golden.TrajectoryCase) throws {
    let settings = DynamicModeSettings(
      stacks: reference.stacks, rank: try RankRule(parsing: reference.rankRule),
      tolerance: reference.tolerance,
      modes: try #require(ModeKind(rawValue: reference.modeKind)),
      amplitudes: try #require(AmplitudeFit(rawValue: reference.amplitudeFit)),
      ridge: reference.ridge, affineDirections: reference.affineDirections)
    let state = estimateSteadyState(
      trajectory: reference.trajectory, steps: reference.steps,
      hyperparameters: reference.hyperparameters, requested: .dmd, settings: settings,
      horizon: reference.horizon)
    for estimator in Estimator.allCases {
      let expected = try #require(reference.estimates[estimator.rawValue])
      let answer = try #require(state.estimates[estimator])
      #expect(
        largestDifference(answer, expected) <= Self.tolerance * Double(1 + reference.horizon),
        "\(estimator): an error of λ grows with the horizon")
    }
    #expect(state.used == .dmd && state.fallback == nil)
    #expect(state.estimate == state.estimates[.dmd])
    let spectrum = try #require(state.spectrum)
    #expect(spectrum.rank == reference.rank && spectrum.modes.count == reference.rank)
    #expect(abs(spectrum.spectralRadius - reference.spectralRadius) <= Self.tolerance)
    #expect(abs(spectrum.relativeResidual - reference.relativeResidual) <= Self.tolerance)
  }

  private func distance(_ a: Complex, _ b: Complex) -> Double {
    Complex(a.real - b.real, a.imaginary - b.imaginary).modulus
  }

  /// φ in the coordinates of the snapshots.
  private func full(_ mode: Eigenmode, in decomposition: DynamicModeDecomposition) -> [Complex] {
    let real = Matrix.product(decomposition.basis, mode.real)
    let imaginary = Matrix.product(decomposition.basis, mode.imaginary)
    return zip(real, imaginary).map { Complex($0, $1) }
  }

  /// |⟨a, b⟩|.
  private func overlap(_ a: [Complex], _ b: [Complex]) -> Double {
    zip(a, b).reduce(into: Complex(0)) { sum, pair in
      let term = Complex(pair.0.real, -pair.0.imaginary) * pair.1
      sum = Complex(sum.real + term.real, sum.imaginary + term.imaginary)
    }.modulus
  }
}
