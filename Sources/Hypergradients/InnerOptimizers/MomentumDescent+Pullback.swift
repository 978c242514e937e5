import Tensors

extension MomentumDescent {
  /// Propagates one adjoint back through a step.
  ///
  /// With (a, b) the adjoints of (θ_t, v_t), the total adjoint of v_t is v̄ = b − lr a, and
  ///
  ///     ḡ = v̄          θ̄_{t−1} = a + wd v̄ (+ H v̄)          v̄_{t−1} = μ v̄
  ///     φ̄:  −lr′ ⟨a, v_t⟩,  μ′ ⟨v̄, v_{t−1}⟩,  wd′ ⟨v̄, θ_{t−1}⟩
  public func pullback<Number: Scalar>(
    _ number: Int, _ record: RecordedStep<Number>, adjoint: OptimizerAdjoint<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>, sums: UnsafeMutablePointer<Double>
  ) {
    for (layer, range) in coefficients.layers.enumerated() {
      let start = range.lowerBound
      let (a, bar) = (adjoint.parameters + start, adjoint.gradient + start)
      let rates = MomentumCoefficients<Number>(coefficients, layer: layer)
      collect(bar, a, adjoint.state + start, count: range.count, rates)
      for column in 0..<coefficients.columnCount {
        guard let own = coefficients.own(column: column, layer: layer) else { continue }
        let product =
          switch own.name {
          case .learningRate:
            -orderedProduct(a, record.stateAfter(0) + start, count: range.count)
          case .momentum: orderedProduct(bar, record.state(0) + start, count: range.count)
          default: orderedProduct(bar, record.parameters + start, count: range.count)
          }
        sums[column] += own.derivative * product
      }
      passBack(bar, a, adjoint.state + start, count: range.count, rates)
    }
  }
}

/// v̄ ← b − lr a.
@_specialize(where Number == Float)
@_specialize(where Number == Double)
private func collect<Number: Scalar>(
  _ bar: UnsafeMutablePointer<Number>, _ a: UnsafePointer<Number>, _ b: UnsafePointer<Number>,
  count: Int, _ rates: MomentumCoefficients<Number>
) {
  let rate = rates.learningRate
  for i in 0..<count { bar[i] = b[i] - rate * a[i] }
}

/// a ← a + wd v̄, b ← μ v̄.
@_specialize(where Number == Float)
@_specialize(where Number == Double)
private func passBack<Number: Scalar>(
  _ bar: UnsafePointer<Number>, _ a: UnsafeMutablePointer<Number>,
  _ b: UnsafeMutablePointer<Number>, count: Int, _ rates: MomentumCoefficients<Number>
) {
  let (decay, weight) = (rates.momentum, rates.weightDecay)
  for i in 0..<count {
    a[i] += weight * bar[i]
    b[i] = decay * bar[i]
  }
}
