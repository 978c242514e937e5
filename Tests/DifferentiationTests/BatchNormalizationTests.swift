import Differentiation
import Testing

/// What a batch normalisation measures, and when it goes by what was measured before.
@Suite("Batch normalisation") struct BatchNormalizationTests {
  /// Two examples of two channels of three numbers.
  private static let input: [Double] = [1, 2, 3, 0, 0, 6, 5, 6, 7, 2, 2, 2]

  private func run(step: Int?) -> (values: [Double], measured: [(Int, [Double])]) {
    let tape = Tape<Double>()
    let x = tape.input(.tensor([2, 2, 3]))
    let y = tape.batchNormalized(
      x, weight: tape.parameter(.vector(2), offset: 0), bias: tape.parameter(.vector(2), offset: 2),
      runningMean: tape.statistic(.vector(2), offset: 4),
      runningVariance: tape.statistic(.vector(2), offset: 6), epsilon: 0)
    tape.seal(output: y, passes: .gradients)
    // γ = 1, 2; β = 0, 1; running mean 1, 2; running variance 4, 16.
    let parameters: [Double] = [1, 2, 0, 1, 1, 2, 4, 16]
    return parameters.withUnsafeBufferPointer { parameters in
      guard let start = parameters.baseAddress else { return ([], []) }
      tape.bind(parameters: start)
      for (i, number) in Self.input.enumerated() { x.value[i] = number }
      tape.draws.set(seed: 0, step: step, examples: UnsafeBufferPointer(start: nil, count: 0))
      tape.replay()
      return (
        (0..<y.count).map { y.value[$0] },
        tape.measurements.map { place, values in
          (place, (0..<values.count).map { values.pointer[$0] })
        }
      )
    }
  }

  @Test func aStepGoesByTheShard() {
    let (values, measured) = run(step: 0)
    // Channel 0: 1 2 3 5 6 7, mean 4, Σ (x − 4)² = 28. Channel 1: 0 0 6 2 2 2, mean 2, Σ = 24.
    #expect(measured.map(\.0) == [4, 6])
    #expect(measured[0].1 == [4, 2])
    #expect(abs(measured[1].1[0] - 28.0 / 5) <= 1e-15)
    #expect(abs(measured[1].1[1] - 24.0 / 5) <= 1e-15)
    #expect(abs(values[0] + 3 / (28.0 / 6).squareRoot()) <= 1e-15)
    #expect(abs(values[5] - (1 + 2 * 4 / 2)) <= 1e-15)
  }

  @Test func elsewhereItGoesByRunningStatistics() {
    let (values, measured) = run(step: nil)
    #expect(measured[0].1 == [1, 2])
    #expect(measured[1].1 == [4, 16])
    #expect(values[0...2] == [0, 0.5, 1])
    #expect(values[3...5] == [0, 0, 3])
  }

  /// A gradient has nothing at the place of statistics.
  @Test func statisticsHaveNoGradient() {
    let tape = Tape<Double>()
    let x = tape.parameter(.tensor([3, 2]), offset: 0)
    let y = tape.batchNormalized(
      x, weight: tape.parameter(.vector(2), offset: 6), bias: tape.parameter(.vector(2), offset: 8),
      runningMean: tape.statistic(.vector(2), offset: 10),
      runningVariance: tape.statistic(.vector(2), offset: 12))
    tape.seal(output: y, passes: .gradients)
    let parameters: [Double] = [1, 2, 3, 5, 8, 13, 1, 1, 0, 0, 0, 0, 1, 1]
    var gradient = [Double](repeating: 7, count: 14)
    let seed = [Double](repeating: 1, count: 6)
    parameters.withUnsafeBufferPointer { parameters in
      guard let start = parameters.baseAddress else { return }
      tape.bind(parameters: start)
      tape.replay()
      seed.withUnsafeBufferPointer { seed in
        gradient.withUnsafeMutableBufferPointer { gradient in
          guard let seed = seed.baseAddress, let gradient = gradient.baseAddress else { return }
          tape.pullback(seed: seed, into: gradient)
        }
      }
    }
    #expect(gradient[10...13] == [7, 7, 7, 7])
    #expect(gradient[8...9] == [3, 3])
  }

  /// The passes after the values do not write over what was measured, whatever the tape is sealed for.
  @Test(arguments: [Tape<Double>.Passes.values, .gradients, .tangents])
  func measurementsLast(passes: Tape<Double>.Passes) {
    let tape = Tape<Double>()
    var x = tape.parameter(.tensor([8, 16]), offset: 0)
    for layer in 0..<3 {
      x = tape.batchNormalized(
        tape.tanh(x), weight: tape.parameter(.vector(16), offset: 128 + 32 * layer),
        bias: tape.parameter(.vector(16), offset: 144 + 32 * layer),
        runningMean: tape.statistic(.vector(16), offset: 224 + 32 * layer),
        runningVariance: tape.statistic(.vector(16), offset: 240 + 32 * layer))
    }
    tape.seal(output: x, passes: passes)
    tape.draws.set(seed: 0, step: 0, examples: UnsafeBufferPointer(start: nil, count: 0))
    let parameters = pseudorandom(320, seed: 4)
    var gradient = [Double](repeating: 0, count: 320)
    let seed = pseudorandom(128, seed: 5)
    parameters.withUnsafeBufferPointer { parameters in
      guard let start = parameters.baseAddress else { return }
      tape.bind(parameters: start)
      tape.replay()
      let measured = {
        tape.measurements.map { _, values in (0..<values.count).map { values.pointer[$0] } }
      }
      let before = measured()
      #expect(before.count == 6 && before.allSatisfy { $0.allSatisfy { $0.isFinite } })
      guard passes != .values else { return }
      tape.pullback(seed: seed, into: &gradient)
      #expect(measured() == before)
    }
  }
}
