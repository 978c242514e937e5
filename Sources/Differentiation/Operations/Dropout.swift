import Tensors

/// y = m x with m either 0 or 1 / (1 − rate), drawn for each number of each example.
///
/// m is a function of the seed, the step, the example, the layer and the place of the number, and of
/// nothing else: it is the same wherever an example is trained on. Within a step it is a constant, and
/// y is linear: hypergradients see through it. Where there is no step, m = 1.
///
/// N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15
/// (2014); scaled while training, as in PyTorch.
final class Dropout<Number: Scalar>: Operation {
  let input: Operand<Number>
  let result: Variable<Number>
  private let mask: RetainedValues<Number>
  private let rate: Double
  private let layer: Int
  private let batch: Int
  private let draws: ReplayDraws

  init(on tape: Tape<Number>, input: Variable<Number>, rate: Double, batch: Int) {
    self.input = Operand(input)
    self.rate = rate
    self.batch = batch
    draws = tape.draws
    layer = tape.draws.makeLayer()
    mask = RetainedValues(count: input.count)
    result = tape.result(input.shape, of: [self.input])
  }

  var operands: [Operand<Number>] { [input] }
  var retained: [RetainedValues<Number>] { [mask] }
  var needs: PrimalNeeds<Number> { PrimalNeeds() }

  func value() {
    if let step = draws.step {
      precondition(
        draws.examples.count == batch,
        "a dropout of \(batch) examples got the numbers of \(draws.examples.count)")
      let count = result.count / batch
      for (place, example) in draws.examples.enumerated() {
        let stream = DropoutStream(
          seed: draws.seed, step: step, example: example, layer: layer)
        DropoutLoops.draw(
          stream, rate: rate, into: mask.pointer + place * count, count: count)
      }
    } else {
      Elementwise.fill(mask.pointer, count: mask.count, with: 1)
    }
    apply(to: input.variable.value, into: result.value, accumulate: false)
  }

  func tangent() { apply(to: input.variable.tangent, into: result.tangent, accumulate: false) }

  func pullback() {
    apply(to: result.cotangent, into: input.variable.cotangent, accumulate: input.accumulates)
  }

  func pullbackTangent() {
    apply(
      to: result.cotangentTangent, into: input.variable.cotangentTangent,
      accumulate: input.accumulates)
  }

  private func apply(
    to u: UnsafePointer<Number>, into v: UnsafeMutablePointer<Number>, accumulate: Bool
  ) {
    DropoutLoops.multiply(
      mask.pointer, u, into: v, count: result.count, accumulate: accumulate)
  }
}

private enum DropoutLoops {
  /// m ← 0 with probability `rate`, else 1 / (1 − rate).
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func draw<Number: Scalar>(
    _ stream: DropoutStream, rate: Double, into m: UnsafeMutablePointer<Number>, count: Int
  ) {
    let threshold = UInt32(rate * 0x1p32)
    let kept = Number(1 / (1 - rate))
    var start = 0
    while start < count {
      let words = stream.words(UInt32(start / 4))
      for i in 0..<min(4, count - start) { m[start + i] = words[i] < threshold ? 0 : kept }
      start += 4
    }
  }

  /// v ← (or ← v +, when `accumulate`) m u.
  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func multiply<Number: Scalar>(
    _ m: UnsafePointer<Number>, _ u: UnsafePointer<Number>, into v: UnsafeMutablePointer<Number>,
    count: Int, accumulate: Bool
  ) {
    if accumulate {
      for i in 0..<count { v[i] += m[i] * u[i] }
    } else {
      for i in 0..<count { v[i] = m[i] * u[i] }
    }
  }
}

extension Tape {
  /// Leaves out numbers of every example at random while training; `[examples, …]`, of any shape.
  ///
  /// What is left out is a function of what ``draws`` says before a replay.
  ///
  /// - Parameters:
  ///   - input: what numbers are left out of, and the others scaled.
  ///   - rate: the probability that a number is left out, in 0 ..< 1; 0 records nothing.
  public func dropout(_ input: Variable<Number>, rate: Double) -> Variable<Number> {
    guard rate >= 0, rate < 1, let batch = input.shape.dimensions.first, batch > 0 else {
      preconditionFailure("a dropout of \(input.shape) at the rate \(rate), not in 0 ..< 1")
    }
    // Images have their channels in blocks, but each example's numbers stand together.
    return rate == 0
      ? input : record(Dropout(on: self, input: input, rate: rate, batch: batch))
  }
}
