import Tensors

extension AdamDescent {
  /// Propagates one adjoint back through a step.
  ///
  /// With g̃ = g + wd θ, m and s the moments after the step, D = √(c₂ s) + ε, N = c₁ m, and (a, m̄, s̄)
  /// the adjoints of (θ_t, m_t, s_t):
  ///
  ///     N̄ = −lr a/D        D̄ = lr a N/D²        m̄ += c₁ N̄        s̄ += c₂ D̄/(2√(c₂ s))
  ///     g̃̄ = (1 − β₁) m̄ + 2 (1 − β₂) g̃ s̄
  ///     ḡ = g̃̄        θ̄_{t−1} = a + wd g̃̄ (+ H ḡ)        m̄_{t−1} = β₁ m̄        s̄_{t−1} = β₂ s̄
  ///     φ̄:  lr: −a N/D    ε: D̄    wd: g̃̄ θ
  ///         β₁: m̄ (m_{t−1} − g̃) + N̄ m c₁′    β₂: s̄ (s_{t−1} − g̃²) + D̄ s c₂′/(2√(c₂ s))
  ///
  /// AdamW has g̃ = g, and with its decay θ̄_{t−1} = (1 − lr wd) a (+ H ḡ), lr: −a (N/D + wd θ),
  /// wd: −lr a θ;
  ///
  /// each summed over the parameters and multiplied by the value's derivative.
  public func pullback<Number: Scalar>(
    _ number: Int, _ record: RecordedStep<Number>, adjoint: OptimizerAdjoint<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>, sums: UnsafeMutablePointer<Double>
  ) {
    pullBack(
      number, record, adjoint: adjoint, coefficients: coefficients,
      decouplesDecay: decouplesDecay, scratch: scratch, sums: sums)
  }
}

@_specialize(where Number == Float)
@_specialize(where Number == Double)
private func pullBack<Number: Scalar>(
  _ number: Int, _ record: RecordedStep<Number>, adjoint: OptimizerAdjoint<Number>,
  coefficients: InnerCoefficients, decouplesDecay: Bool, scratch: Buffer<Number>,
  sums: UnsafeMutablePointer<Double>
) {
  let block = AdamBlock(scratch)
  for (layer, range) in coefficients.layers.enumerated() {
    let rates = AdamCoefficients<Number>(
      coefficients, layer: layer, step: number, decouplesDecay: decouplesDecay)
    let tuned = (0..<coefficients.columnCount).compactMap { column in
      coefficients.own(column: column, layer: layer).map {
        (
          column: column, name: $0.name, derivative: $0.derivative,
          derivatives: AdamDerivatives(coefficients, column: column, layer: layer, rates)
        )
      }
    }
    var start = range.lowerBound
    while start < range.upperBound {
      let piece = AdamPiece(
        record, adjoint, state: adjoint.state, start: start,
        count: min(optimizerBlock, range.upperBound - start), block, rates)
      prepare(
        piece.count, block, theta: piece.theta, m: piece.m, s: piece.s, g: piece.g, rates)
      // These read the adjoint of θ_t before the moments' adjoints are complete.
      for one in tuned
      where one.name == .learningRate || one.name == .epsilon
        || decouplesDecay && one.name == .weightDecay
      {
        sums[one.column] += one.derivative * piece.ownSum(one.name, one.derivatives)
      }
      for one in tuned where one.name == .beta1 || one.name == .beta2 {
        sums[one.column] += piece.correctionSum(one.name, one.derivatives)
      }
      piece.completeMoments()
      for one in tuned where one.name == .beta1 || one.name == .beta2 {
        sums[one.column] += one.derivative * piece.ownSum(one.name, one.derivatives)
      }
      piece.finish()
      for one in tuned where one.name == .weightDecay && !decouplesDecay {
        sums[one.column] += one.derivative * piece.ownSum(one.name, one.derivatives)
      }
      start += piece.count
    }
  }
}

/// A block of parameters in the backward pass.
private struct AdamPiece<Number: Scalar> {
  let count: Int
  let theta, m, s, g: UnsafePointer<Number>
  let a, mean, square, gradient: UnsafeMutablePointer<Number>
  let block: AdamBlock<Number>
  let rates: AdamCoefficients<Number>

  init(
    _ record: RecordedStep<Number>, _ adjoint: OptimizerAdjoint<Number>,
    state: UnsafeMutablePointer<Number>, start: Int, count: Int, _ block: AdamBlock<Number>,
    _ rates: AdamCoefficients<Number>
  ) {
    self.count = count
    theta = record.parameters + start
    m = record.state(0) + start
    s = record.state(1) + start
    g = record.gradient + start
    a = adjoint.parameters + start
    mean = state + start
    square = state + record.count + start
    gradient = adjoint.gradient + start
    self.block = block
    self.rates = rates
  }

  /// D̄ = lr a N/D² for one parameter.
  @inline(__always)
  private func denominator(_ i: Int) -> Number {
    rates.learningRate * a[i] * block.direction[i] * block.inverse[i]
  }

  /// m̄ and s̄ including the contribution of θ_t.
  @inline(__always)
  func completeMoments() {
    for i in 0..<count {
      mean[i] -= rates.correction1 * rates.learningRate * a[i] * block.inverse[i]
      square[i] += rates.correction2 * denominator(i) * block.slope[i]
    }
  }

  /// Computes ḡ and the adjoints before the step.
  @inline(__always)
  func finish() {
    for i in 0..<count {
      let bar = rates.rest1 * mean[i] + 2 * rates.rest2 * block.gradient[i] * square[i]
      gradient[i] = bar
      a[i] = rates.kept * a[i] + rates.weightDecay * bar
      mean[i] = rates.beta1 * mean[i]
      square[i] = rates.beta2 * square[i]
    }
  }

  /// The adjoint of a hyperparameter's value, without the part through the bias corrections.
  func ownSum(_ name: HyperparameterName, _ derivatives: AdamDerivatives<Number>) -> Double {
    var sum = 0.0
    for i in 0..<count {
      let primal = block.gradient[i]
      switch name {
      case .learningRate:
        sum -= Double(a[i] * (block.direction[i] + rates.decoupledDecay * theta[i]))
      case .epsilon: sum += Double(denominator(i))
      case .beta1: sum += Double(mean[i] * (m[i] - primal))
      case .beta2: sum += Double(square[i] * (s[i] - primal * primal))
      default:
        sum +=
          rates.decouples
          ? -Double(rates.learningRate * a[i] * theta[i]) : Double(gradient[i] * theta[i])
      }
    }
    return sum
  }

  /// The part of a β's adjoint through its bias correction, derivative included.
  func correctionSum(
    _ name: HyperparameterName, _ derivatives: AdamDerivatives<Number>
  ) -> Double {
    var sum = 0.0
    for i in 0..<count {
      let primal = block.gradient[i]
      if name == .beta1 {
        let newMean = rates.beta1 * m[i] + rates.rest1 * primal
        sum -= Double(
          rates.learningRate * a[i] * block.inverse[i] * newMean * derivatives.correction1)
      } else {
        let newSquare = rates.beta2 * s[i] + rates.rest2 * (primal * primal)
        sum += Double(denominator(i) * block.slope[i] * newSquare * derivatives.correction2)
      }
    }
    return sum
  }
}
