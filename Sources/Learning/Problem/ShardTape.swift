import Differentiation
import Networks
import Tensors

/// A model with the losses of its examples, recorded for shards of one size.
///
/// What becomes of the losses (their mean, or a weighted one) is the caller's business: it seeds the
/// tape's pullback with its derivative.
public struct ShardTape<Number: Scalar> {
  /// The sealed tape; its output is the losses.
  public let tape: Tape<Number>
  /// The examples to fill.
  public let fields: FieldVariables<Number>
  /// What the model says of them after a replay.
  public let outputs: ModelOutputs<Number>
  /// Examples in a shard.
  public let count: Int
  /// What random parts of the model, such as dropout, are a function of, beside step and example.
  let seed: UInt64

  /// Records `model` on a tape for shards of `count` examples with these fields.
  public init(
    _ model: some Model, _ fields: [ExampleField], count: Int, passes: Tape<Number>.Passes,
    compute: ComputePrecision = .full, seed: UInt64 = 0
  ) {
    let tape = Tape<Number>(compute: compute)
    let variables = FieldVariables(fields, count: count, on: tape)
    let outputs = model.record(
      variables, with: ParameterVariables(model.parameters, on: tape), on: tape)
    precondition(
      outputs.losses.count == count,
      "\(model.name) gives losses \(outputs.losses.shape) for \(count) examples")
    tape.seal(
      output: outputs.losses, passes: passes,
      keeping: outputs.metrics.flatMap(\.variables) + [outputs.losses])
    self.tape = tape
    self.fields = variables
    self.outputs = outputs
    self.count = count
    self.seed = seed
  }

  /// The loss of each example after a replay: `[count]`.
  public var losses: Variable<Number> { outputs.losses }

  /// The sum of the examples' losses after a replay.
  public var lossSum: Number { RowSums.total(losses.value, count: count) }

  /// The sum of a metric over the examples after a replay.
  func sum(of metric: ExampleMetric<Number>) -> Double {
    (0..<count).reduce(0) { $0 + metric.value($1) }
  }
}
