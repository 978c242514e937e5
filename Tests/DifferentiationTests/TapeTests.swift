import Differentiation
import Tensors
import Testing

@Suite("Tape") struct TapeTests {
  /// The mean of squares of a tape's parameters x and, when asked, branches that lead nowhere.
  private func problem(withBranches: Bool) -> TapeProblem<Double> {
    TapeProblem(parameterCount: 64) { tape in
      let x = tape.parameter(.tensor([2, 16]), offset: 0)
      let idle = tape.parameter(.tensor([2, 16]), offset: 32)
      let y = tape.tanh(x)
      if withBranches { _ = tape.softplus(tape.sum(tape.tanh(idle), y)) }
      let zero = tape.input(.tensor([2, 16]))
      let losses = tape.squaredError(y, tape.tanh(zero))
      if withBranches { _ = tape.tanh(losses) }
      return (losses, { Elementwise.fill(zero.value, count: zero.count, with: 0) })
    }
  }

  @Test("branches that the output does not depend on change no derivative")
  func branches() {
    let (plain, branched) = (problem(withBranches: false), problem(withBranches: true))
    let (x, u) = (pseudorandom(64, seed: 1), pseudorandom(64, seed: 2))
    let expected = plain.gradientTangent(at: x, along: u)
    let found = branched.gradientTangent(at: x, along: u)
    #expect(found == expected)
    #expect(branched.value(at: x) == plain.value(at: x))
    #expect(found.gradient[..<32].allSatisfy { $0 != 0 })
  }

  @Test("the gradient of a parameter without use is zero, whatever stood there")
  func idleParameters() {
    let tape = Tape<Float>()
    let x = tape.parameter(.tensor([2, 3]), offset: 0)
    _ = tape.parameter(.vector(5), offset: 6)
    tape.seal(output: tape.squaredError(x, tape.input(.tensor([2, 3]))), passes: .tangents)
    let numbers = Buffer<Float>(count: 11)
    let (gradient, seed) = (Buffer<Float>(count: 11), Buffer<Float>(count: 2))
    tape.bind(parameters: numbers.pointer)
    tape.replay()
    Elementwise.fill(gradient.pointer, count: 11, with: .nan)
    tape.pullback(seed: seed.pointer, into: gradient.pointer)
    #expect(gradient.elements.allSatisfy { $0 == 0 })
    _ = tape.tangents(along: numbers.pointer)
    Elementwise.fill(gradient.pointer, count: 11, with: .nan)
    tape.pullbackTangents(seed: seed.pointer, into: gradient.pointer)
    #expect(gradient.elements.allSatisfy { $0 == 0 })
  }

  @Test("images and tensors hold the same numbers in their own orders", arguments: [3, 32])
  func rearrangements(channels: Int) {
    let (batch, side) = (2, 3)
    let tape = Tape<Float>()
    let input = tape.input(.tensor([batch, channels, side, side]))
    let images = tape.images(of: input)
    let back = tape.tensor(of: images)
    #expect(
      images.shape == .image(batch: batch, channels: channels, height: side, width: side))
    #expect(back.shape == input.shape)
    let losses = tape.squaredError(tape.parameter(back.shape, offset: 0), back)
    tape.seal(output: losses, passes: .values, keeping: [input, images, back])
    let parameters = Buffer<Float>(count: input.count)
    tape.bind(parameters: parameters.pointer)
    for i in 0..<input.count { input.value[i] = Float(i) }
    tape.replay()
    for i in 0..<input.count {
      #expect(back.value[i] == Float(i))
      if channels == 3 { #expect(images.value[i] == Float(i)) }
    }
    // 16 channels of a pixel are neighbours in every layout of blocks.
    if channels == 32 {
      for channel in 0..<16 { #expect(images.value[channel] == Float(channel * side * side)) }
    }
    // Σ i²/m over the numbers of each example.
    let length = channels * side * side
    for n in 0..<batch {
      let squares = (n * length..<(n + 1) * length).reduce(0.0) { $0 + Double($1 * $1) }
      let expected = squares / Double(length)
      // Sums of some 300 rounded terms.
      #expect(abs(Double(losses.value[n]) - expected) <= 1e-5 * expected)
    }
  }

  @Test("a shape knows its dimensions, its count and its name")
  func shapes() {
    let image = Shape.image(batch: 2, channels: 16, height: 3, width: 5)
    #expect(image.dimensions == [2, 16, 3, 5] && image.count == 480)
    #expect(image != .tensor([2, 16, 3, 5]) && image.matrixSize == nil)
    #expect("\(image)" == "images [2, 16, 3, 5]")
    #expect(Shape.matrix(rows: 2, columns: 3) == .tensor([2, 3]))
    #expect(Shape.matrix(rows: 2, columns: 3).matrixSize ?? (0, 0) == (2, 3))
    #expect(Shape.vector(7) == .tensor([7]) && "\(Shape.vector(7))" == "[7]")
    #expect(Shape.tensor([]).count == 1)
  }
}
