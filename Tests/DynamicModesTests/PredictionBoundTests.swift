import Foundation
import TestSupport
import Testing

@testable import DynamicModes

/// Theorem 3.1 of the paper on a problem whose Koopman operator K is known.
///
/// Its formulas are not in the text at hand; the bound is derived again. With e_n the error of the
/// predicted Hankel column n steps past the window's end, e_{n+1} = K̂ e_n + (K̂ − K) k_n, and with
/// a spectral radius of K̂ at most 1 and K̂ = Φ Λ Φ⁻¹
///
///     ‖e_n‖ ≤ κ(Φ) (‖e_0‖ + Σ_{i<n} ‖(K̂ − K) k_i‖)
///
/// The problem is linear-quadratic: θ_{t+1} = (1 − a) θ_t + φ c per coordinate, L̃ = ½ ‖θ − target‖².
/// Then h_t = Z_t · (θ_t − target) has the eigenvalues 1, 1 − a and (1 − a)² for every a, and K moves
/// the window of five steps by one.
@Suite("The bound of Theorem 3.1") struct PredictionBoundTests {
  private static let stacks = 5

  /// h_t of the problem with φ = 1, from θ_0 = start and Z_0 = 0.
  private static func hypergradients(_ count: Int, rates: [Double] = [0.05, 0.2]) -> [Double] {
    let (forcing, target) = ([0.03, -0.1], [0.2, 0.4])
    var (theta, tangent) = ([1.5, -0.8], [0.0, 0.0])
    return (0..<count).map { _ in
      for i in rates.indices {
        theta[i] = (1 - rates[i]) * theta[i] + forcing[i]
        tangent[i] = (1 - rates[i]) * tangent[i] + forcing[i]
      }
      return rates.indices.reduce(0) { $0 + tangent[$1] * (theta[$1] - target[$1]) }
    }
  }

  private static func column(_ values: [Double], _ start: Int) -> [Double] {
    Array(values[start..<start + stacks])
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    euclideanNorm(zip(a, b).map { $0 - $1 })
  }

  /// K̂ⁿ x with eigenvalues clamped to the unit disc.
  private static func advance(
    _ decomposition: DynamicModeDecomposition, _ vector: [Double], by steps: Int
  ) throws -> [Double] {
    var modes = decomposition.modes
    let basis = decomposition.basis
    let coordinates = Matrix.product(
      basis, Matrix(rows: vector.count, columns: 1, elements: vector), transposingFirst: true)
    try modes.fitAmplitudes(to: coordinates)
    var sum = [Double](repeating: 0, count: basis.columns)
    for mode in modes {
      mode.add(weight: mode.eigenvalue.clampedToUnitDisc.power(steps), to: &sum)
    }
    return Matrix.product(basis, sum)
  }

  @Test("exact observations: the limit itself, from a window that is far from it")
  func exact() throws {
    let values = Self.hypergradients(3000)
    let decomposition = try DynamicModeDecomposition(
      of: hankelMatrix(
        trajectory: Array(values[..<26]), steps: 26, hyperparameters: 1, stacks: Self.stacks),
      rank: .fixed(5), modes: .projected, amplitudes: .all)
    let found = decomposition.modes.map(\.eigenvalue.real).sorted()
    // (1 − a)², 1 − a and 1 for both a; five modes of a 22-column matrix lose about six digits.
    let expected = [0.64, 0.8, 0.9025, 0.95, 1]
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-6 }, "\(found)")
    let limit = values[2999]
    #expect(abs(values[25] - limit) > 0.05 * abs(limit), "the window is at the limit already")
    let answer = try Self.advance(decomposition, Self.column(values, 21), by: 2900)
    #expect(abs(answer[Self.stacks - 1] - limit) <= 1e-5 * abs(limit))
  }

  /// The bound must hold, and must say something: it is no more than a few powers of ten too wide.
  @Test("noisy observations stay below it", arguments: [1e-9, 1e-6, 1e-4], [12, 24, 48])
  func bound(noise: Double, observed: Int) throws {
    let values = Self.hypergradients(observed + 1100)
    var generator = SplitMix(seed: UInt64(observed))
    let seen = values[..<observed].map { $0 + noise * Double.random(in: -1...1, using: &generator) }
    let decomposition = try DynamicModeDecomposition(
      of: hankelMatrix(
        trajectory: seen, steps: observed, hyperparameters: 1, stacks: Self.stacks),
      rank: .fixed(5), modes: .projected, amplitudes: .all)
    let start = observed - Self.stacks
    let end = Self.column(seen, start)
    var defects = 0.0
    var checked = 0
    for n in 0...1000 {
      if [1, 10, 100, 1000].contains(n) {
        let error = Self.distance(
          try Self.advance(decomposition, end, by: n), Self.column(values, start + n))
        let first = Self.distance(end, Self.column(values, start))
        let bound = decomposition.eigenbasisCondition * (first + defects)
        #expect(error <= bound * (1 + 1e-9), "\(n) steps: \(error) > \(bound)")
        checked += 1
      }
      let now = Self.column(values, start + n)
      defects += Self.distance(
        try Self.advance(decomposition, now, by: 1), Self.column(values, start + n + 1))
    }
    #expect(checked == 4)
  }

  /// The paper's remark 3.2: more hypergradients, a better operator.
  ///
  /// Its own experiments say the opposite; on a problem that is linear indeed the remark holds.
  @Test("the more observed steps, the smaller the operator's error over a step")
  func moreSteps() throws {
    let values = Self.hypergradients(100)
    let stacks = 8
    let columns = hankelMatrix(
      trajectory: values, steps: values.count, hyperparameters: 1, stacks: stacks)
    let errors = try [12, 24, 48, 96].map { observed in
      var generator = SplitMix(seed: 1)
      let found = try (0..<41).map { _ in
        let seen = values[..<observed].map {
          $0 + 1e-4 * Double.random(in: -1...1, using: &generator)
        }
        let decomposition = try DynamicModeDecomposition(
          of: hankelMatrix(trajectory: seen, steps: observed, hyperparameters: 1, stacks: stacks),
          rank: .fixed(5), modes: .projected, amplitudes: .all)
        return try (1..<columns.columns).reduce(0) {
          $0
            + Self.distance(
              try Self.advance(decomposition, columns.column($1 - 1), by: 1), columns.column($1))
        }
      }
      return found.sorted()[found.count / 2]
    }
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $1 < $0 }, "\(errors)")
    #expect(errors[3] < 0.1 * errors[0], "\(errors)")
  }
}
