import Differentiation
import Networks
import Tensors

/// What is trained: named parameters, and a function of examples that is recorded on a tape.
///
///     struct Line: Model {
///       let name = "line"
///       let parameters: ParameterLayout  // weight [1, d], bias [1]
///
///       func record<Number: Scalar>(
///         _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
///         on tape: Tape<Number>
///       ) -> ModelOutputs<Number> {
///         let product = tape.matrixProduct(fields.numbers("x"), transposed: parameters["weight"])
///         let answer = tape.adding(bias: parameters["bias"], to: product)
///         return ModelOutputs(losses: tape.squaredError(answer, fields.numbers("y")))
///       }
///     }
public protocol Model: Sendable {
  /// What reports and files of parameters call it.
  var name: String { get }
  /// The parameters and their places in the flat vector θ, `[p]`.
  var parameters: ParameterLayout { get }

  /// Records the model for a shard of examples.
  ///
  /// Called once for each size of a shard, not for each shard.
  ///
  /// - Parameters:
  ///   - fields: what an example consists of, as variables that are filled before every replay.
  ///   - parameters: θ by name.
  ///   - tape: where the operations go.
  func record<Number: Scalar>(
    _ fields: FieldVariables<Number>, with parameters: ParameterVariables<Number>,
    on tape: Tape<Number>
  ) -> ModelOutputs<Number>
}

/// What a model says of a shard of examples.
public struct ModelOutputs<Number: Scalar> {
  /// ℓ of each example, `[count]`.
  public var losses: Variable<Number>
  /// What is reported beside the loss; none is fine.
  public var metrics: [ExampleMetric<Number>]

  /// Losses, and what else is reported.
  public init(losses: Variable<Number>, metrics: [ExampleMetric<Number>] = []) {
    self.losses = losses
    self.metrics = metrics
  }
}
