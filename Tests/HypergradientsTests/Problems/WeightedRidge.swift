import Differentiation
import Glibc
import Hypergradients
import Tensors

/// Ridge regression with a weight for each example.
///
///     L = Σ_n e^{φ_n} ½ (x_n·θ − y_n)² / n
///
/// The optimizer adds weight decay. The minimum, and the validation loss there, have closed forms.
final class WeightedRidge<Number: Scalar>: InnerProblem {
  let parameterCount = 3
  let lossHyperparameterCount = 6
  /// The first coordinate alone, then the others.
  let layers = [0..<1, 1..<3]

  private func x(_ n: Int) -> [Double] { (0..<3).map { cos(Double(4 * n + 3 * $0) * 0.9) } }
  private func y(_ n: Int) -> Double { sin(Double(n) * 1.7) + 0.3 * Double(n % 2) }

  func trainingGradient(
    step: Int, parameters: Jet<Number>, hyperparameters: LossHyperparameters,
    gradient: Jet<Number>
  ) throws -> Double {
    let theta = parameters.primal.map { Double($0) }
    let weights = hyperparameters.values.map { exp($0) / 6 }
    var loss = 0.0
    var g = [0.0, 0, 0]
    for n in 0..<6 {
      let residual = dot(x(n), theta) - y(n)
      loss += weights[n] * 0.5 * residual * residual
      for i in 0..<3 { g[i] += weights[n] * residual * x(n)[i] }
    }
    for i in 0..<3 { gradient.primal[i] = Number(g[i]) }
    for k in 0..<parameters.tangentCount {
      let b = parameters.tangent(k).map { Double($0) }
      var tangent = [0.0, 0, 0]
      for n in 0..<6 {
        let residual = dot(x(n), theta) - y(n)
        let own = hyperparameters.column(k) == n ? residual : 0
        for i in 0..<3 { tangent[i] += weights[n] * (dot(x(n), b) + own) * x(n)[i] }
        hyperparameters.adjoints?.pointer[6 * k + n] = weights[n] * residual * dot(x(n), b)
      }
      for i in 0..<3 { gradient.tangent(k)[i] = Number(tangent[i]) }
    }
    return loss
  }

  func validationGradient(
    parameters: UnsafeBufferPointer<Number>, gradient: UnsafeMutableBufferPointer<Number>
  ) throws -> Evaluation {
    let theta = parameters.map { Double($0) }
    for i in 0..<3 {
      gradient[i] = Number(
        (10..<15).reduce(0.0) { $0 + (dot(x($1), theta) - y($1)) * x($1)[i] / 5 })
    }
    return try evaluate(.validation, parameters: parameters)
  }

  func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>
  ) throws -> Evaluation {
    Evaluation(loss: validationLoss(parameters.map { Double($0) }))
  }

  func validationLoss(_ theta: [Double]) -> Double {
    (10..<15).reduce(0.0) {
      let residual = dot(x($1), theta) - y($1)
      return $0 + 0.5 * residual * residual / 5
    }
  }

  /// θ where (Xᵀ W X / n + diag(λ)) θ = Xᵀ W y / n, by Cramer's rule.
  func minimum(_ phi: [Double], decay: [Double]) -> [Double] {
    var a = [[Double]](repeating: [0, 0, 0], count: 3)
    var b = [0.0, 0, 0]
    for n in 0..<6 {
      let weight = exp(phi[n]) / 6
      for i in 0..<3 {
        b[i] += weight * y(n) * x(n)[i]
        for j in 0..<3 { a[i][j] += weight * x(n)[i] * x(n)[j] }
      }
    }
    for i in 0..<3 { a[i][i] += decay[i] }
    return solved(a, b)
  }

  /// L at θ and φ.
  func trainingLoss(_ theta: [Double], _ phi: [Double]) -> Double {
    (0..<6).reduce(0.0) {
      let residual = dot(x($1), theta) - y($1)
      return $0 + exp(phi[$1]) / 6 * 0.5 * residual * residual
    }
  }

  private func solved(_ a: [[Double]], _ b: [Double]) -> [Double] {
    let whole = determinant(a)
    return (0..<3).map { column in
      var replaced = a
      for i in 0..<3 { replaced[i][column] = b[i] }
      return determinant(replaced) / whole
    }
  }

  private func determinant(_ a: [[Double]]) -> Double {
    a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1])
      - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
      + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0])
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
