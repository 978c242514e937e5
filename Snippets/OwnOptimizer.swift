// An inner optimizer of one's own, whose learning rate is tuned while it trains.
//
//     swift run -c release OwnOptimizer

import Differentiation
import DynamicModes
import Hypergradients
import Tensors

/// Gradient descent whose steps become shorter.
///
///     r_t = lr/(1 + k (t − 1))        θ_t = θ_{t−1} − r_t (g_t + wd θ_{t−1})
struct SlowingDescent: InnerOptimizer {
  let hyperparameterNames: [HyperparameterName] = [.learningRate, .weightDecay]
  let stateCount = 0
  let scratchCount = 0
  let pullbackNeedsGradient = true
  /// k.
  let slowing: Double

  /// r_t is this times the learning rate, and so are its derivatives.
  func share(_ number: Int) -> Double { 1 / (1 + slowing * Double(number - 1)) }

  /// The columns first, then θ; ′ is the derivative of a value along a column.
  ///
  ///     Z_t = Z_{t−1} − r (ġ + wd Z_{t−1} + wd′ θ_{t−1}) − r′ (g + wd θ_{t−1})
  func step<Number: Scalar>(
    _ number: Int, parameters: Jet<Number>, state: [Jet<Number>], gradient: Jet<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>
  ) {
    let (theta, g) = (parameters.primal, gradient.primal)
    for (layer, range) in coefficients.layers.enumerated() {
      let rate = Number(share(number) * coefficients.value(.learningRate, layer: layer))
      let decay = Number(coefficients.value(.weightDecay, layer: layer))
      for column in 0..<coefficients.columnCount {
        let (z, h) = (parameters.tangent(column), gradient.tangent(column))
        let own = coefficients.derivative(.learningRate, column: column, layer: layer)
        let rateBy = Number(share(number) * own)
        let decayBy = Number(coefficients.derivative(.weightDecay, column: column, layer: layer))
        for i in range {
          z[i] -= rate * (h[i] + decay * z[i] + decayBy * theta[i])
          z[i] -= rateBy * (g[i] + decay * theta[i])
        }
      }
      for i in range { theta[i] -= rate * (g[i] + decay * theta[i]) }
    }
  }

  /// The adjoint of `step`, with a the adjoint of θ_t.
  ///
  ///     ḡ = −r a        θ̄_{t−1} = a + wd ḡ        φ̄ = −r′ ⟨a, g + wd θ_{t−1}⟩ + wd′ ⟨ḡ, θ_{t−1}⟩
  func pullback<Number: Scalar>(
    _ number: Int, _ record: RecordedStep<Number>, adjoint: OptimizerAdjoint<Number>,
    coefficients: InnerCoefficients, scratch: Buffer<Number>, sums: UnsafeMutablePointer<Double>
  ) {
    let (theta, g, a) = (record.parameters, record.gradient, adjoint.parameters)
    for (layer, range) in coefficients.layers.enumerated() {
      let rate = Number(share(number) * coefficients.value(.learningRate, layer: layer))
      let decay = Number(coefficients.value(.weightDecay, layer: layer))
      for i in range { adjoint.gradient[i] = -rate * a[i] }
      for column in 0..<coefficients.columnCount {
        let own = coefficients.derivative(.learningRate, column: column, layer: layer)
        let decayBy = coefficients.derivative(.weightDecay, column: column, layer: layer)
        for i in range {
          sums[column] -= share(number) * own * Double(a[i] * (g[i] + decay * theta[i]))
          sums[column] += decayBy * Double(adjoint.gradient[i] * theta[i])
        }
      }
      for i in range { a[i] += decay * adjoint.gradient[i] }
    }
  }
}

/// L(θ) = Σ ((i + 1) θ_i⁴/4 − θ_i) for i = 0, 1, 2, and L̃(θ) = ½ Σ (θ_i − 0.6)².
final class Quartic: InnerProblem {
  let parameterCount = 3

  func trainingGradient(
    step: Int, parameters: Jet<Double>, hyperparameters: LossHyperparameters,
    gradient: Jet<Double>
  ) -> Double {
    var loss = 0.0
    for (i, x) in parameters.primal.enumerated() {
      let c = Double(i + 1)
      loss += c * x * x * x * x / 4 - x
      gradient.primal[i] = c * x * x * x - 1
      for k in 0..<parameters.tangentCount {
        gradient.tangent(k)[i] = 3 * c * x * x * parameters.tangent(k)[i]
      }
    }
    return loss
  }

  func validationGradient(
    parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) -> Evaluation {
    for (i, x) in parameters.enumerated() { gradient[i] = x - 0.6 }
    return evaluate(.validation, parameters: parameters)
  }

  func evaluate(_ set: EvaluationSet, parameters: UnsafeBufferPointer<Double>) -> Evaluation {
    Evaluation(loss: parameters.reduce(0) { $0 + ($1 - 0.6) * ($1 - 0.6) / 2 })
  }
}

for mode in [DifferentiationMode.forward, .reverse] {
  let tuner = Tuner(
    problem: Quartic(), initialParameters: [1.5, 1.5, 1.5], inner: SlowingDescent(slowing: 0.1),
    hyperparameters: Hyperparameters([
      try Hyperparameter(.learningRate, value: 0.05, .exp, isTuned: true),
      try Hyperparameter(.weightDecay, value: 0.01, .exp, isTuned: true),
    ]),
    outer: .adam(learningRate: 0.2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8),
    settings: TuningSettings(method: .local, steps: 400, window: 20, mode: mode),
    estimation: HankelEstimation(DynamicModeSettings()))
  while let window = try tuner.nextWindow() {
    print("\(mode) \(window.window): \(window.validation.loss) \(window.hypergradients)")
  }
}
