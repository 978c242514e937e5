import Differentiation
import Networks
import Tensors

/// A model that a configuration names and that knows the examples it was made for.
public protocol BuiltInModel: Model {
  /// The examples that it takes.
  var examples: ExampleDescription { get }

  /// The convolution kernels that it uses on this machine, in `Float`; empty without convolutions.
  ///
  /// - Parameter shard: the number of examples in a shard.
  func kernels(shard: Int, compute: ComputePrecision) -> [KernelName]
}

extension NetworkModel: BuiltInModel {
  /// None: its products are not oneDNN's.
  public func kernels(shard: Int, compute: ComputePrecision) -> [KernelName] { [] }
}
