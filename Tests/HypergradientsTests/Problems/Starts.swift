import Differentiation
import Hypergradients
import Tensors

/// Hyperparameters of an inner optimizer at values where every one of them matters.
///
/// Adam's ε is large: at 1e-8 its own hypergradient would drown in the rounding of a difference.
func hyperparameters(
  _ kind: InnerOptimizerKind, tuned: Set<HyperparameterName>, learningRate: Double? = nil,
  loss: [Double] = []
) throws -> Hyperparameters {
  let starts: [(HyperparameterName, Double, Transform)] =
    switch kind {
    case .sgd:
      [
        (.weightDecay, 0.02, .sigmoid), (.learningRate, learningRate ?? 0.07, .sigmoid),
        (.momentum, 0.8, .sigmoid),
      ]
    case .adam, .adamW:
      [
        (.learningRate, learningRate ?? 0.03, .softplus), (.beta1, 0.8, .sigmoid),
        (.beta2, 0.95, .sigmoid), (.epsilon, 0.02, .exp), (.weightDecay, 0.02, .identity),
      ]
    }
  return Hyperparameters(
    try starts.map {
      try Hyperparameter($0.0, value: $0.1, $0.2, isTuned: tuned.contains($0.0))
    }, loss: loss)
}

/// A state at the given parameters with all columns zero.
func start<Problem: InnerProblem>(
  _ problem: Problem, _ kind: InnerOptimizerKind, from parameters: [Problem.Number], columns: Int
) -> TrainingState<Problem.Number> {
  let state = TrainingState<Problem.Number>(
    parameterCount: problem.parameterCount, optimizer: kind.optimizer, tangentCount: columns)
  for (i, number) in parameters.enumerated() { state.parameters.primal[i] = number }
  return state
}

/// Derivatives of every validation loss of a training with respect to each raw φ, `[steps, q]`.
///
/// Five-point central differences of trainings without columns: nothing in common with tangents.
/// With a width of 5e-4 the truncation is below 1e-8 of the derivative (it was 2e-6 at four times the
/// width, where Adam divides by a small gradient) and the rounding 1e-12 of the loss.
func differences<Problem: InnerProblem>(
  _ problem: Problem, _ kind: InnerOptimizerKind, from parameters: [Problem.Number],
  _ hyperparameters: Hyperparameters, steps: Int
) throws -> [Double] {
  let width = 5e-4
  let q = hyperparameters.count
  var result = [Double](repeating: 0, count: steps * q)
  for j in 0..<q {
    for (shift, weight) in [(-2.0, 1.0), (-1, -8), (1, 8), (2, -1)] {
      var moved = hyperparameters
      moved.raw[j] += shift * width
      let losses = try validationLosses(problem, kind, from: parameters, moved, steps: steps)
      for t in 0..<steps { result[t * q + j] += weight * losses[t] / (12 * width) }
    }
  }
  return result
}

/// The validation loss after every step of a training without columns.
func validationLosses<Problem: InnerProblem>(
  _ problem: Problem, _ kind: InnerOptimizerKind, from parameters: [Problem.Number],
  _ hyperparameters: Hyperparameters, steps: Int
) throws -> [Double] {
  let forward = ForwardColumns(
    InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: hyperparameters),
    columns: 0..<0)
  var state = start(problem, kind, from: parameters, columns: 0)
  let stretch = try forward.advance(
    &state, steps: steps, observed: steps, hyperparameters: hyperparameters)
  return stretch.observations.map(\.evaluation.loss)
}

/// max |a − b| per column in units of the column's largest |b|; NaN anywhere gives NaN.
func columnError(_ a: [Double], _ b: [Double], columns: Int) -> Double {
  guard a.count == b.count else { return .infinity }
  var worst = 0.0
  for j in 0..<columns {
    let rows = stride(from: j, to: a.count, by: columns)
    let scale = rows.reduce(0) { max($0, abs(b[$1])) }
    for i in rows {
      let error = abs(a[i] - b[i]) / scale
      worst = error <= worst ? worst : error
    }
  }
  return worst
}
