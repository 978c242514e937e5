import Differentiation
import Tensors

/// What stands behind a name of the graph while it is recorded for a shard.
public enum GraphValue<Number: Scalar> {
  /// Numbers that are known: shapes, masks, constants.
  case constant(HostTensor)
  /// Floating-point numbers that depend on the examples or on parameters. May have the shape `.image`,
  /// the blocked layout of convolutions; ``OperatorCall/tensor(_:)`` makes a row-major tensor of it.
  case variable(Variable<Number>)
  /// Whole numbers of the examples, such as tokens.
  case integers(IntegerInput)
  /// A sequence, as SplitToSequence gives it.
  case sequence([GraphValue<Number>])
}
