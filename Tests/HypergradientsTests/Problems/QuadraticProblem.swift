import Differentiation
import Hypergradients
import Tensors

/// L_t(θ) = ½ (θ − a_t)ᵀ A (θ − a_t) with a target for every step, L̃(θ) = ½ ‖θ − b‖².
///
/// The Hessian is A everywhere, so that whole trajectories have a closed form.
final class QuadraticProblem<Number: Scalar>: InnerProblem {
  let parameterCount: Int
  /// A, `[p, p]` row-major, symmetric.
  let matrix: [Double]
  /// What a step's loss and gradient are multiplied by; NaN makes training diverge there.
  var spoil: (_ step: Int) -> Double = { _ in 1 }
  /// What a step's tangents are multiplied by; infinity spoils hypergradients and no loss.
  var spoilTangents: (_ step: Int) -> Double = { _ in 1 }

  init(matrix: [Double], parameterCount: Int) {
    precondition(matrix.count == parameterCount * parameterCount)
    self.matrix = matrix
    self.parameterCount = parameterCount
  }

  /// Eigenvalues between about 0.5 and 1.5, all coordinates coupled.
  convenience init(parameterCount p: Int) {
    var matrix = [Double](repeating: 0, count: p * p)
    for i in 0..<p {
      for j in 0..<p {
        matrix[i * p + j] = i == j ? 1 + 0.3 * Double(i % 3) : 0.4 / Double(p)
      }
    }
    self.init(matrix: matrix, parameterCount: p)
  }

  func target(_ i: Int, step: Int) -> Double {
    1 + 0.5 * Double((7 * i + 3 * step) % 11) / 11
  }

  func validationTarget(_ i: Int) -> Double { 1.1 + 0.05 * Double(i % 4) }

  func trainingGradient(
    step: Int, parameters: Jet<Number>, hyperparameters: LossHyperparameters,
    gradient: Jet<Number>
  ) throws -> Double {
    let factor = spoil(step)
    let tangentFactor = factor * spoilTangents(step)
    let p = parameterCount
    let difference = (0..<p).map {
      factor * (Double(parameters.primal[$0]) - target($0, step: step))
    }
    multiply(difference, into: gradient.primal)
    for k in 0..<parameters.tangentCount {
      multiply(parameters.tangent(k).map { tangentFactor * Double($0) }, into: gradient.tangent(k))
    }
    return (0..<p).reduce(0) { $0 + 0.5 * difference[$1] * Double(gradient.primal[$1]) }
  }

  private func multiply(_ x: [Double], into y: UnsafeMutableBufferPointer<Number>) {
    let p = parameterCount
    for i in 0..<p {
      y[i] = Number((0..<p).reduce(0) { $0 + matrix[i * p + $1] * x[$1] })
    }
  }

  func validationGradient(
    parameters: UnsafeBufferPointer<Number>, gradient: UnsafeMutableBufferPointer<Number>
  ) throws -> Evaluation {
    for i in 0..<parameterCount {
      gradient[i] = Number(Double(parameters[i]) - validationTarget(i))
    }
    return try evaluate(.validation, parameters: parameters)
  }

  func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>
  ) throws -> Evaluation {
    let loss = (0..<parameterCount).reduce(0.0) {
      let difference = Double(parameters[$1]) - validationTarget($1)
      return $0 + 0.5 * difference * difference
    }
    return Evaluation(loss: loss)
  }
}
