import Differentiation
import Hypergradients
import Tensors

/// A perceptron that counts what it is asked for.
final class MeteredProblem: InnerProblem {
  private let problem = PerceptronProblem<Double>()
  /// Passes over minibatches: a gradient is 1, a tangent of it 2.
  private(set) var trainingPasses = 0
  private(set) var validationGradients = 0
  private(set) var evaluations = 0

  var parameterCount: Int { problem.parameterCount }
  var initialParameters: [Double] { problem.initialParameters }

  func trainingGradient(
    step: Int, parameters: Jet<Double>, hyperparameters: LossHyperparameters,
    gradient: Jet<Double>
  ) throws -> Double {
    trainingPasses += 1 + 2 * hyperparameters.activeCount(of: parameters.tangentCount)
    return try problem.trainingGradient(
      step: step, parameters: parameters, hyperparameters: hyperparameters, gradient: gradient)
  }

  func validationGradient(
    parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws -> Evaluation {
    validationGradients += 1
    return try problem.validationGradient(parameters: parameters, gradient: gradient)
  }

  func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Double>
  ) throws -> Evaluation {
    evaluations += 1
    return try problem.evaluate(set, parameters: parameters)
  }
}
