import DynamicModes
import TestSupport
import Testing

/// Whatever finite numbers come in, a finite answer near the trajectory comes out.
@Suite struct RobustnessTests {
  @Test(arguments: UInt64(0)..<40)
  func anyFiniteTrajectoryHasAnAnswer(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let q = Int.random(in: 1...9, using: &random)
    let stacks = Int.random(in: 1...6, using: &random)
    let steps = Int.random(in: 1...stacks + 20, using: &random)
    // Noise, with some steps of zeros, some repeated, and sizes from 1e-12 to 1e12.
    var trajectory: [Double] = []
    for step in 0..<steps {
      let kind = Int.random(in: 0..<8, using: &random)
      if kind == 0 {
        trajectory += Array(repeating: 0, count: q)
      } else if kind == 1, step > 0 {
        trajectory += Array(trajectory.suffix(q))
      } else {
        let size = kind == 2 ? Complex(10).power(Int.random(in: 0...12, using: &random)).real : 1
        trajectory += (0..<q).map { _ in
          Double.random(in: -1...1, using: &random) * (kind == 3 ? 1 / size : size)
        }
      }
    }
    let largest = stride(from: 0, to: trajectory.count, by: q).map { start in
      euclideanNorm(trajectory[start..<start + q])
    }.max()

    for rank in [RankRule.full, .fixed(3), .energy(0.999), .hardThreshold] {
      for modes in ModeKind.allCases {
        for amplitudes in AmplitudeFit.allCases {
          let settings = DynamicModeSettings(
            stacks: stacks, rank: rank, modes: modes, amplitudes: amplitudes)
          for estimator in Estimator.allCases {
            let state = estimateSteadyState(
              trajectory: trajectory, steps: steps, hyperparameters: q, requested: estimator,
              settings: settings, horizon: 10_000)
            let answer = try #require(state.estimate, "seed \(seed)")
            let mean = try #require(state.estimates[.tailMean])
            let distance = euclideanNorm(zip(answer, mean).map { $0 - $1 })
            // The cap, and the last state's distance from the mean of states no larger than it;
            // a part in 1e12 for rounding.
            #expect(
              distance <= settings.cap * (largest ?? 0) * (1 + 1e-12), "seed \(seed) \(estimator)")
            #expect((state.fallback == nil) == (state.used == estimator), "seed \(seed)")
            if let spectrum = state.spectrum {
              #expect(spectrum.modes.count == spectrum.rank, "seed \(seed)")
              #expect(spectrum.relativeResidual >= 0 && spectrum.spectralRadius >= 0)
              #expect(spectrum.modes.allSatisfy { $0.amplitude >= 0 }, "seed \(seed)")
            }
          }
        }
      }
    }
  }
}
