import Differentiation
import Tensors

/// A function of a flat parameter vector, recorded on a tape, with the derivatives of its weighted
/// sum: the seeds are unlike each other, and so are their tangents' when there are any.
struct TapeProblem<Number: Scalar> {
  let tape: Tape<Number>
  let parameterCount: Int
  let output: Variable<Number>
  /// Fills the inputs, whose memory may serve other numbers after a replay.
  private let fill: () -> Void

  /// `build` records the function; its `fill` sets the inputs before every replay.
  init(
    parameterCount: Int, compute: ComputePrecision = .full, memory: TapeMemory = .shared,
    _ build: (Tape<Number>) -> (output: Variable<Number>, fill: () -> Void)
  ) {
    self.parameterCount = parameterCount
    tape = Tape(compute: compute)
    let built = build(tape)
    output = built.output
    tape.seal(output: built.output, passes: .tangents, memory: memory)
    fill = built.fill
  }

  func value(at parameters: [Double]) -> Double {
    let jet = bind(parameters, along: nil)
    return withExtendedLifetime(jet) {
      tape.replay()
      return (0..<output.count).reduce(0) { $0 + seed($1) * Double(output.value[$1]) }
    }
  }

  func gradient(at parameters: [Double]) -> [Double] {
    let jet = bind(parameters, along: nil)
    return withExtendedLifetime(jet) {
      let gradient = Jet<Number>(count: parameterCount, tangentCount: 0)
      tape.replay()
      pullback(into: gradient)
      return gradient.primal.map { Double($0) }
    }
  }

  /// The gradient, its tangent along `direction`, and the tangent of the value; `earlier` is a
  /// direction whose tangent goes first, on the same replay.
  func gradientTangent(
    at parameters: [Double], along direction: [Double], after earlier: [Double]? = nil
  ) -> (gradient: [Double], tangent: [Double], valueTangent: Double) {
    let jet = bind(parameters, along: direction)
    return withExtendedLifetime(jet) {
      let gradient = Jet<Number>(count: parameterCount, tangentCount: 1)
      tape.replay()
      pullback(into: gradient)
      if let earlier {
        let other = Jet<Number>(count: parameterCount, tangentCount: 0)
        for i in 0..<parameterCount { other.primal[i] = Number(earlier[i]) }
        withExtendedLifetime(other) { _ = tape.tangents(along: other.storage.pointer) }
        pullbackTangent(into: gradient)
      }
      let tangents = tape.tangents(along: jet.storage.pointer + jet.stride)
      let valueTangent = (0..<output.count).reduce(0) { $0 + seed($1) * Double(tangents[$1]) }
      pullbackTangent(into: gradient)
      let (primal, tangent) = (
        gradient.primal.map { Double($0) }, gradient.tangent(0).map { Double($0) }
      )
      return (primal, tangent, valueTangent)
    }
  }

  private func seed(_ i: Int) -> Double { 0.25 + 0.5 * Double(i) }

  private func pullback(into gradient: Jet<Number>) {
    let seeds = (0..<output.count).map { Number(seed($0)) }
    seeds.withUnsafeBufferPointer {
      if let seeds = $0.baseAddress {
        tape.pullback(seed: seeds, into: gradient.storage.pointer)
      }
    }
  }

  /// With seeds that do not move.
  private func pullbackTangent(into gradient: Jet<Number>) {
    let still = [Number](repeating: 0, count: output.count)
    still.withUnsafeBufferPointer {
      if let still = $0.baseAddress {
        tape.pullbackTangents(seed: still, into: gradient.storage.pointer + gradient.stride)
      }
    }
  }

  private func bind(_ parameters: [Double], along direction: [Double]?) -> Jet<Number> {
    let jet = Jet<Number>(count: parameterCount, tangentCount: 1)
    for i in 0..<parameterCount {
      jet.primal[i] = Number(parameters[i])
      jet.tangent(0)[i] = Number(direction?[i] ?? 0)
    }
    tape.bind(parameters: jet.storage.pointer)
    fill()
    return jet
  }
}

/// Numbers in (−1, 1) that depend on nothing but their index and a seed (splitmix64).
func pseudorandom(_ count: Int, seed: UInt64) -> [Double] {
  (0..<count).map { index in
    var z = (seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Double(z >> 11) / Double(1 << 52) - 1
  }
}

func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
func norm(_ x: [Double]) -> Double { dot(x, x).squareRoot() }
func axpy(_ a: Double, _ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { a * $0 + $1 } }
