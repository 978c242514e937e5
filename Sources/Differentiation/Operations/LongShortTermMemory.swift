import Tensors

/// A unit with a long short-term memory, in PyTorch's order of gates and with its equations.
///
///     i, f, o = σ(x + s)    g = tanh(x_g + s_g)    c = f ∘ c₋ + i ∘ g    h = o ∘ m,  m = tanh c
///
/// with s = W h₋ + b. Of each step i, f, g, o and m are kept, and the memory c.
///
/// S. Hochreiter, J. Schmidhuber, "Long short-term memory", Neural Computation 9 (1997); with the forget
/// gate of F. A. Gers et al. (2000).
enum LongShortTermMemory: RecurrentCell {
  static var gates: Int { 4 }
  static var kept: Int { 5 }
  static var hasMemory: Bool { true }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func value<Number: Scalar>(_ s: StepRows<Number>, _ g: RecurrentGeometry) {
    let n = g.size
    for b in 0..<g.batch {
      let (x, a, bias) = (s.input + b * s.inputStride, s.sums + b * 4 * n, s.bias)
      let gate = s.kept + b * 5 * n
      let m = gate + 4 * n
      for i in 0..<2 * n { gate[i] = Number.branchFreeSigmoid(x[i] + a[i] + bias[i]) }
      for i in 2 * n..<3 * n { gate[i] = Number.branchFreeTanh(x[i] + a[i] + bias[i]) }
      for i in 3 * n..<4 * n { gate[i] = Number.branchFreeSigmoid(x[i] + a[i] + bias[i]) }
      let (before, c, h) = (s.previousMemory + b * n, s.memory + b * n, s.state + b * n)
      for i in 0..<n { c[i] = gate[n + i] * before[i] + gate[i] * gate[2 * n + i] }
      for i in 0..<n { m[i] = Number.branchFreeTanh(c[i]) }
      for i in 0..<n { h[i] = gate[3 * n + i] * m[i] }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func tangent<Number: Scalar>(
    _ s: StepRows<Number>, _ d: StepRows<Number>, _ g: RecurrentGeometry
  ) {
    let n = g.size
    for b in 0..<g.batch {
      let (x, a, bias) = (d.input + b * d.inputStride, d.sums + b * 4 * n, d.bias)
      let (gate, dot) = (s.kept + b * 5 * n, d.kept + b * 5 * n)
      let (m, mDot) = (gate + 4 * n, dot + 4 * n)
      for i in 0..<2 * n { dot[i] = gate[i] * (1 - gate[i]) * (x[i] + a[i] + bias[i]) }
      for i in 2 * n..<3 * n { dot[i] = (1 - gate[i] * gate[i]) * (x[i] + a[i] + bias[i]) }
      for i in 3 * n..<4 * n { dot[i] = gate[i] * (1 - gate[i]) * (x[i] + a[i] + bias[i]) }
      let (before, beforeDot) = (s.previousMemory + b * n, d.previousMemory + b * n)
      let (c, h) = (d.memory + b * n, d.state + b * n)
      for i in 0..<n { c[i] = dot[n + i] * before[i] + gate[n + i] * beforeDot[i] }
      for i in 0..<n { c[i] += dot[i] * gate[2 * n + i] + gate[i] * dot[2 * n + i] }
      for i in 0..<n { mDot[i] = (1 - m[i] * m[i]) * c[i] }
      for i in 0..<n { h[i] = dot[3 * n + i] * m[i] + gate[3 * n + i] * mDot[i] }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullback<Number: Scalar>(
    _ s: StepRows<Number>, _ u: StepCotangents<Number>, _ g: RecurrentGeometry
  ) {
    let n = g.size
    guard let memory = u.memory else { preconditionFailure("a memory's cotangent has no place") }
    for b in 0..<g.batch {
      let gate = s.kept + b * 5 * n
      let (input, forget, new, output) = (gate, gate + n, gate + 2 * n, gate + 3 * n)
      let (m, before, h) = (gate + 4 * n, s.previousMemory + b * n, u.state + b * n)
      let (c, runningMemory) = (memory + b * n, u.runningMemory + b * n)
      let (a, x, running) = (u.sums + b * 4 * n, u.inputs + b * 4 * n, u.runningState + b * n)
      for i in 0..<n { c[i] = runningMemory[i] + h[i] * output[i] * (1 - m[i] * m[i]) }
      for i in 0..<n { a[i] = c[i] * new[i] * input[i] * (1 - input[i]) }
      for i in 0..<n { a[n + i] = c[i] * before[i] * forget[i] * (1 - forget[i]) }
      for i in 0..<n { a[2 * n + i] = c[i] * input[i] * (1 - new[i] * new[i]) }
      for i in 0..<n { a[3 * n + i] = h[i] * m[i] * output[i] * (1 - output[i]) }
      for i in 0..<4 * n { x[i] = a[i] }
      for i in 0..<n { runningMemory[i] = c[i] * forget[i] }
      for i in 0..<n { running[i] = 0 }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullbackTangent<Number: Scalar>(
    _ s: StepRows<Number>, _ d: StepRows<Number>, _ u: StepCotangents<Number>,
    _ v: StepCotangents<Number>, _ rows: UnsafeMutablePointer<Number>, _ g: RecurrentGeometry
  ) {
    let n = g.size
    let cDot = rows
    guard let memory = u.memory else { preconditionFailure("a memory's cotangent has no place") }
    for b in 0..<g.batch {
      let (gate, dot) = (s.kept + b * 5 * n, d.kept + b * 5 * n)
      let (input, forget, new, output) = (gate, gate + n, gate + 2 * n, gate + 3 * n)
      let (inputDot, forgetDot, newDot, outputDot) = (dot, dot + n, dot + 2 * n, dot + 3 * n)
      let (m, mDot) = (gate + 4 * n, dot + 4 * n)
      let (before, beforeDot) = (s.previousMemory + b * n, d.previousMemory + b * n)
      let (h, hDot, c) = (u.state + b * n, v.state + b * n, memory + b * n)
      let runningMemory = v.runningMemory + b * n
      let (a, x, running) = (v.sums + b * 4 * n, v.inputs + b * 4 * n, v.runningState + b * n)
      for i in 0..<n {
        let slope = 1 - m[i] * m[i]
        cDot[i] =
          runningMemory[i] + hDot[i] * output[i] * slope
          + h[i] * (outputDot[i] * slope - 2 * output[i] * m[i] * mDot[i])
      }
      for i in 0..<n {
        a[i] =
          (cDot[i] * new[i] + c[i] * newDot[i]) * input[i] * (1 - input[i])
          + c[i] * new[i] * (1 - 2 * input[i]) * inputDot[i]
      }
      for i in 0..<n {
        a[n + i] =
          (cDot[i] * before[i] + c[i] * beforeDot[i]) * forget[i] * (1 - forget[i])
          + c[i] * before[i] * (1 - 2 * forget[i]) * forgetDot[i]
      }
      for i in 0..<n {
        a[2 * n + i] =
          (cDot[i] * input[i] + c[i] * inputDot[i]) * (1 - new[i] * new[i])
          - 2 * c[i] * input[i] * new[i] * newDot[i]
      }
      for i in 0..<n {
        a[3 * n + i] =
          (hDot[i] * m[i] + h[i] * mDot[i]) * output[i] * (1 - output[i])
          + h[i] * m[i] * (1 - 2 * output[i]) * outputDot[i]
      }
      for i in 0..<4 * n { x[i] = a[i] }
      for i in 0..<n { runningMemory[i] = cDot[i] * forget[i] + c[i] * forgetDot[i] }
      for i in 0..<n { running[i] = 0 }
    }
  }
}

extension Tape {
  /// A layer of units with a long short-term memory over sequences, from state and memory 0:
  /// `[batch, time, features]` to the states `[batch, time, size]`.
  ///
  /// The arguments are those of PyTorch's `LSTM`, gates in the order i, f, g, o.
  ///
  /// - Parameters:
  ///   - input: the sequences.
  ///   - inputWeight: `weight_ih`, `[4 size, features]`.
  ///   - stateWeight: `weight_hh`, `[4 size, size]`.
  ///   - inputBias: `bias_ih`, `[4 size]`.
  ///   - stateBias: `bias_hh`, `[4 size]`.
  public func lstm(
    _ input: Variable<Number>, inputWeight: Variable<Number>, stateWeight: Variable<Number>,
    inputBias: Variable<Number>? = nil, stateBias: Variable<Number>? = nil
  ) -> Variable<Number> {
    recurrence(
      input, inputWeight, stateWeight, inputBias, stateBias, LongShortTermMemory.self, "LSTM")
  }
}
