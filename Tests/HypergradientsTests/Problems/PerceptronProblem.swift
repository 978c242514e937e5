import Differentiation
import Glibc
import Hypergradients
import Tensors

/// A two-layer network with tanh units, fitted to a wave by least squares on minibatches of four.
///
///     f(x) = Σ_u w_u tanh(Σ_i V_ui x_i),    L = mean over the batch of e^{ω_c} ½ (f(x) − y)²
///
/// with hyperparameters ω, one per group of examples c, which the loss sees directly. θ holds V
/// `[units, inputs]`, then w `[units]`.
final class PerceptronProblem<Number: Scalar>: InnerProblem {
  let inputs = 3
  let units = 4
  let batch = 4
  let lossHyperparameterCount: Int
  var parameterCount: Int { units * (inputs + 1) }

  /// The hidden layer and the output layer.
  var layers: [Range<Int>] { [0..<units * inputs, units * inputs..<parameterCount] }

  init(groups: Int = 0) { lossHyperparameterCount = groups }

  /// Some start away from all symmetries.
  var initialParameters: [Number] {
    (0..<parameterCount).map { Number(0.8 * sin(Double(3 * $0 + 1))) }
  }

  private func input(_ example: Int) -> [Double] {
    (0..<inputs).map { cos(Double(example * 5 + $0 * 2) * 0.7) }
  }

  private func label(_ example: Int) -> Double { sin(Double(example) * 1.3) }

  func trainingGradient(
    step: Int, parameters: Jet<Number>, hyperparameters: LossHyperparameters,
    gradient: Jet<Number>
  ) throws -> Double {
    let theta = parameters.primal.map { Double($0) }
    var sum = [Double](repeating: 0, count: parameterCount)
    var tangents = [[Double]](
      repeating: sum, count: parameters.tangentCount)
    var loss = 0.0
    let active = hyperparameters.activeCount(of: tangents.count)
    if let adjoints = hyperparameters.adjoints {
      for i in 0..<active * lossHyperparameterCount { adjoints.pointer[i] = 0 }
    }
    for b in 0..<batch {
      let example = (step * batch + b) % 14
      let group = lossHyperparameterCount == 0 ? nil : example % lossHyperparameterCount
      let weight = group.map { exp(hyperparameters.values[$0]) } ?? 1
      let point = Point(self, theta, input(example), label(example))
      loss += weight * 0.5 * point.residual * point.residual / Double(batch)
      let own = point.gradient()
      for i in sum.indices { sum[i] += weight * own[i] / Double(batch) }
      for k in tangents.indices.prefix(active) {
        let direction = parameters.tangent(k).map { Double($0) }
        let change = point.gradientTangent(along: direction)
        let weightChange = group != nil && hyperparameters.column(k) == group ? weight : 0
        if let group, let adjoints = hyperparameters.adjoints {
          let product = zip(own, direction).reduce(0) { $0 + $1.0 * $1.1 }
          adjoints.pointer[k * lossHyperparameterCount + group] +=
            weight * product / Double(batch)
        }
        for i in sum.indices {
          tangents[k][i] += (weight * change[i] + weightChange * own[i]) / Double(batch)
        }
      }
    }
    for i in sum.indices { gradient.primal[i] = Number(sum[i]) }
    for k in tangents.indices {
      for i in sum.indices { gradient.tangent(k)[i] = Number(tangents[k][i]) }
    }
    return loss
  }

  func validationGradient(
    parameters: UnsafeBufferPointer<Number>, gradient: UnsafeMutableBufferPointer<Number>
  ) throws -> Evaluation {
    let theta = parameters.map { Double($0) }
    var sum = [Double](repeating: 0, count: parameterCount)
    for example in 20..<30 {
      let own = Point(self, theta, input(example), label(example)).gradient()
      for i in sum.indices { sum[i] += own[i] / 10 }
    }
    for i in sum.indices { gradient[i] = Number(sum[i]) }
    return try evaluate(.validation, parameters: parameters)
  }

  func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>
  ) throws -> Evaluation {
    let theta = parameters.map { Double($0) }
    let losses = (20..<30).map { example in
      let residual = Point(self, theta, input(example), label(example)).residual
      return 0.5 * residual * residual
    }
    return Evaluation(loss: losses.reduce(0, +) / 10)
  }

  /// One example's forward pass, with its derivatives written out by hand.
  private struct Point {
    let units, inputs: Int
    let theta, x, activation: [Double]
    let residual: Double

    init(_ problem: PerceptronProblem, _ theta: [Double], _ x: [Double], _ y: Double) {
      (units, inputs, self.theta, self.x) = (problem.units, problem.inputs, theta, x)
      let inputs = problem.inputs
      activation = (0..<problem.units).map { u in
        tanh((0..<inputs).reduce(0) { $0 + theta[u * inputs + $1] * x[$1] })
      }
      let offset = problem.units * inputs
      residual = zip(theta[offset...], activation).reduce(-y) { $0 + $1.0 * $1.1 }
    }

    func outer(_ u: Int) -> Double { theta[units * inputs + u] }

    func gradient() -> [Double] {
      var result = [Double](repeating: 0, count: theta.count)
      for u in 0..<units {
        let slope = 1 - activation[u] * activation[u]
        for i in 0..<inputs { result[u * inputs + i] = residual * outer(u) * slope * x[i] }
        result[units * inputs + u] = residual * activation[u]
      }
      return result
    }

    func gradientTangent(along z: [Double]) -> [Double] {
      let slope = activation.map { 1 - $0 * $0 }
      let change = (0..<units).map { u in
        slope[u] * (0..<inputs).reduce(0) { $0 + z[u * inputs + $1] * x[$1] }
      }
      let residualChange = (0..<units).reduce(0) {
        $0 + z[units * inputs + $1] * activation[$1] + outer($1) * change[$1]
      }
      var result = [Double](repeating: 0, count: theta.count)
      for u in 0..<units {
        let hidden =
          residualChange * outer(u) * slope[u] + residual * z[units * inputs + u] * slope[u]
          - residual * outer(u) * 2 * activation[u] * change[u]
        for i in 0..<inputs { result[u * inputs + i] = hidden * x[i] }
        result[units * inputs + u] = residualChange * activation[u] + residual * change[u]
      }
      return result
    }
  }
}
