import Differentiation
import Tensors
import Testing

/// What dropout leaves out is a function of the seed, the step and the example.
@Suite("Dropout") struct DropoutTests {
  private static let features = 300

  /// The values of a dropout of ones for some examples.
  private func kept(
    seed: UInt64 = 7, step: Int?, examples: [Int], rate: Double = 0.25, layer: Int = 0
  ) -> [[Double]] {
    let tape = Tape<Float>()
    let x = tape.parameter(.tensor([examples.count, Self.features]), offset: 0)
    var y = x
    for i in 0...layer { y = tape.dropout(i == layer ? x : y, rate: rate) }
    tape.seal(output: y, passes: .values)
    let ones = [Float](repeating: 1, count: x.count)
    return ones.withUnsafeBufferPointer { ones in
      guard let start = ones.baseAddress else { return [] }
      tape.bind(parameters: start)
      examples.withUnsafeBufferPointer { tape.draws.set(seed: seed, step: step, examples: $0) }
      tape.replay()
      return examples.indices.map { n in
        (0..<Self.features).map { Double(y.value[n * Self.features + $0]) }
      }
    }
  }

  @Test func masksBelongToExamples() {
    let together = kept(step: 3, examples: [4, 9, 2])
    #expect(kept(step: 3, examples: [9])[0] == together[1])
    #expect(kept(step: 3, examples: [2, 4]) == [together[2], together[0]])
    #expect(together[0] != together[1])
  }

  @Test func everythingElseChangesThem() {
    let mask = kept(step: 3, examples: [4])
    #expect(kept(step: 4, examples: [4]) != mask)
    #expect(kept(seed: 8, step: 3, examples: [4]) != mask)
    #expect(kept(step: 3, examples: [4], layer: 1) != mask)
  }

  @Test func nothingIsLeftOutWithoutAStep() {
    #expect(kept(step: nil, examples: [4]) == [[Double](repeating: 1, count: Self.features)])
  }

  @Test func theShareAndTheScaleAreRight() {
    let mask = kept(step: 0, examples: Array(0..<40)).flatMap { $0 }
    let dropped = mask.filter { $0 == 0 }.count
    #expect(mask.allSatisfy { $0 == 0 || abs($0 - 4.0 / 3) <= 1e-6 })
    // 12000 draws: four standard deviations of the share are 0.016.
    #expect(abs(Double(dropped) / Double(mask.count) - 0.25) <= 0.016)
  }

  /// Within a step the mask is a constant, so that all derivatives see the same function.
  @Test func derivativesSeeThroughIt() {
    let problem = TapeProblem<Double>(parameterCount: 100) { tape in
      let x = tape.parameter(.tensor([3, 20]), offset: 0)
      let w = tape.parameter(.tensor([2, 20]), offset: 64)
      let hidden = tape.dropout(tape.tanh(x), rate: 0.4)
      let labels = tape.integerInput(.vector(3))
      let logits = tape.matrixProduct(tape.sum(hidden, x), transposed: w)
      return (
        tape.crossEntropy(logits, labels: labels),
        { [5, 1, 8].withUnsafeBufferPointer { tape.draws.set(seed: 3, step: 2, examples: $0) } }
      )
    }
    let x = pseudorandom(100, seed: 1)
    let direction = pseudorandom(100, seed: 2)
    let step = 1e-5
    let (up, down) = (axpy(step, direction, x), axpy(-step, direction, x))
    let slope = (problem.value(at: up) - problem.value(at: down)) / (2 * step)
    #expect(abs(dot(problem.gradient(at: x), direction) - slope) <= 1e-8)
    let difference = zip(problem.gradient(at: up), problem.gradient(at: down)).map {
      ($0 - $1) / (2 * step)
    }
    let tangent = problem.gradientTangent(at: x, along: direction).tangent
    #expect(norm(axpy(-1, difference, tangent)) <= 1e-8 * norm(difference))
  }
}
