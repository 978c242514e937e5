import Differentiation
import Networks
import Tensors

/// A model that a configuration names and that knows the examples it was made for.
public protocol DescribedModel: Model {
  /// The examples that it takes.
  var examples: ExampleDescription { get }

  /// What whoever trains it should know; nothing is wrong.
  var notes: [String] { get }

  /// The convolution kernels that it uses on this machine, in `Float`; empty without convolutions.
  ///
  /// - Parameter shard: the number of examples in a shard.
  func kernels(shard: Int, compute: ComputePrecision) -> [KernelName]

  /// Where the parameters start if nobody says otherwise, `[p]`; nil: they are drawn with the seed.
  func givenParameters<Number: Scalar>(as: Number.Type) -> [Number]?

  /// Why the model cannot be recorded for shards of some number of examples; nil where it can.
  func refusal<Number: Scalar>(
    ofShard count: Int, compute: ComputePrecision, as: Number.Type
  ) -> GraphRefusal?
}

extension DescribedModel {
  /// Nothing.
  public var notes: [String] { [] }

  /// They are drawn.
  public func givenParameters<Number: Scalar>(as: Number.Type) -> [Number]? { nil }

  /// The program's own networks can be recorded for any number.
  public func refusal<Number: Scalar>(
    ofShard count: Int, compute: ComputePrecision, as: Number.Type
  ) -> GraphRefusal? { nil }
}

extension NetworkModel: DescribedModel {
  /// None: its products are not oneDNN's.
  public func kernels(shard: Int, compute: ComputePrecision) -> [KernelName] { [] }
}
