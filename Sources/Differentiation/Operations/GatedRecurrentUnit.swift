import Tensors

/// A gated recurrent unit, in PyTorch's order of gates and with its equations.
///
///     r = σ(x_r + s_r)    z = σ(x_z + s_z)    n = tanh(x_n + r ∘ s_n)    h = (1 − z) ∘ n + z ∘ h₋
///
/// with s = W h₋ + b. Of each step r, z, n and s_n are kept.
///
/// K. Cho et al., "Learning phrase representations using RNN encoder–decoder for statistical machine
/// translation", EMNLP 2014; with the reset gate behind the product, as cuDNN and PyTorch have it.
enum GatedRecurrentUnit: RecurrentCell {
  static var gates: Int { 3 }
  static var kept: Int { 4 }
  static var hasMemory: Bool { false }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func value<Number: Scalar>(_ s: StepRows<Number>, _ g: RecurrentGeometry) {
    let n = g.size
    for b in 0..<g.batch {
      let (x, a, bias) = (s.input + b * s.inputStride, s.sums + b * 3 * n, s.bias)
      let kept = s.kept + b * 4 * n
      let (r, z, c, last) = (kept, kept + n, kept + 2 * n, kept + 3 * n)
      for i in 0..<2 * n { r[i] = Number.branchFreeSigmoid(x[i] + a[i] + bias[i]) }
      for i in 0..<n { last[i] = a[2 * n + i] + bias[2 * n + i] }
      for i in 0..<n { c[i] = Number.branchFreeTanh(x[2 * n + i] + r[i] * last[i]) }
      let (before, h) = (s.previousState + b * n, s.state + b * n)
      for i in 0..<n { h[i] = c[i] + z[i] * (before[i] - c[i]) }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func tangent<Number: Scalar>(
    _ s: StepRows<Number>, _ d: StepRows<Number>, _ g: RecurrentGeometry
  ) {
    let n = g.size
    for b in 0..<g.batch {
      let (x, a, bias) = (d.input + b * d.inputStride, d.sums + b * 3 * n, d.bias)
      let (kept, moving) = (s.kept + b * 4 * n, d.kept + b * 4 * n)
      let (r, z, c, last) = (kept, kept + n, kept + 2 * n, kept + 3 * n)
      let (rDot, zDot, cDot, lastDot) = (moving, moving + n, moving + 2 * n, moving + 3 * n)
      for i in 0..<2 * n { rDot[i] = r[i] * (1 - r[i]) * (x[i] + a[i] + bias[i]) }
      for i in 0..<n { lastDot[i] = a[2 * n + i] + bias[2 * n + i] }
      for i in 0..<n {
        cDot[i] =
          (1 - c[i] * c[i]) * (x[2 * n + i] + rDot[i] * last[i] + r[i] * lastDot[i])
      }
      let (before, beforeDot) = (s.previousState + b * n, d.previousState + b * n)
      let h = d.state + b * n
      for i in 0..<n {
        h[i] = cDot[i] * (1 - z[i]) + zDot[i] * (before[i] - c[i]) + beforeDot[i] * z[i]
      }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullback<Number: Scalar>(
    _ s: StepRows<Number>, _ u: StepCotangents<Number>, _ g: RecurrentGeometry
  ) {
    let n = g.size
    for b in 0..<g.batch {
      let kept = s.kept + b * 4 * n
      let (r, z, c, last) = (kept, kept + n, kept + 2 * n, kept + 3 * n)
      let (h, before) = (u.state + b * n, s.previousState + b * n)
      let (a, x, running) = (u.sums + b * 3 * n, u.inputs + b * 3 * n, u.runningState + b * n)
      // Of tanh's argument, which is the input's too.
      let p = x + 2 * n
      for i in 0..<n { p[i] = h[i] * (1 - z[i]) * (1 - c[i] * c[i]) }
      for i in 0..<n { a[i] = p[i] * last[i] * r[i] * (1 - r[i]) }
      for i in 0..<n { a[n + i] = h[i] * (before[i] - c[i]) * z[i] * (1 - z[i]) }
      for i in 0..<n { a[2 * n + i] = p[i] * r[i] }
      for i in 0..<2 * n { x[i] = a[i] }
      for i in 0..<n { running[i] = h[i] * z[i] }
    }
  }

  @_specialize(where Number == Float)
  @_specialize(where Number == Double)
  static func pullbackTangent<Number: Scalar>(
    _ s: StepRows<Number>, _ d: StepRows<Number>, _ u: StepCotangents<Number>,
    _ v: StepCotangents<Number>, _ rows: UnsafeMutablePointer<Number>, _ g: RecurrentGeometry
  ) {
    let n = g.size
    let p = rows
    for b in 0..<g.batch {
      let (kept, moving) = (s.kept + b * 4 * n, d.kept + b * 4 * n)
      let (r, z, c, last) = (kept, kept + n, kept + 2 * n, kept + 3 * n)
      let (rDot, zDot, cDot, lastDot) = (moving, moving + n, moving + 2 * n, moving + 3 * n)
      let (h, hDot) = (u.state + b * n, v.state + b * n)
      let (before, beforeDot) = (s.previousState + b * n, d.previousState + b * n)
      let (a, x, running) = (v.sums + b * 3 * n, v.inputs + b * 3 * n, v.runningState + b * n)
      let pDot = x + 2 * n
      for i in 0..<n { p[i] = h[i] * (1 - z[i]) * (1 - c[i] * c[i]) }
      for i in 0..<n {
        pDot[i] =
          (hDot[i] * (1 - z[i]) - h[i] * zDot[i]) * (1 - c[i] * c[i])
          - 2 * h[i] * (1 - z[i]) * c[i] * cDot[i]
      }
      for i in 0..<n {
        a[i] =
          (pDot[i] * last[i] + p[i] * lastDot[i]) * r[i] * (1 - r[i])
          + p[i] * last[i] * (1 - 2 * r[i]) * rDot[i]
      }
      for i in 0..<n {
        a[n + i] = (hDot[i] * (before[i] - c[i]) + h[i] * (beforeDot[i] - cDot[i])) * z[i]
      }
      for i in 0..<n {
        a[n + i] =
          a[n + i] * (1 - z[i]) + h[i] * (before[i] - c[i]) * (1 - 2 * z[i]) * zDot[i]
      }
      for i in 0..<n { a[2 * n + i] = pDot[i] * r[i] + p[i] * rDot[i] }
      for i in 0..<2 * n { x[i] = a[i] }
      for i in 0..<n { running[i] = hDot[i] * z[i] + h[i] * zDot[i] }
    }
  }
}

extension Tape {
  /// A layer of gated recurrent units over sequences, from the state 0: `[batch, time, features]` to
  /// the states `[batch, time, size]`.
  ///
  /// The arguments are those of PyTorch's `GRU`, gates in the order r, z, n.
  ///
  /// - Parameters:
  ///   - input: the sequences.
  ///   - inputWeight: `weight_ih`, `[3 size, features]`.
  ///   - stateWeight: `weight_hh`, `[3 size, size]`.
  ///   - inputBias: `bias_ih`, `[3 size]`.
  ///   - stateBias: `bias_hh`, `[3 size]`.
  public func gru(
    _ input: Variable<Number>, inputWeight: Variable<Number>, stateWeight: Variable<Number>,
    inputBias: Variable<Number>? = nil, stateBias: Variable<Number>? = nil
  ) -> Variable<Number> {
    recurrence(
      input, inputWeight, stateWeight, inputBias, stateBias, GatedRecurrentUnit.self, "GRU")
  }
}
