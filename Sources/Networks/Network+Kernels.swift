import Differentiation
import Tensors

extension Network {
  /// The kernels that serve the network's convolutions on this machine, in `Float`.
  ///
  /// - Parameter shard: examples in a shard.
  public func kernels(shard: Int, compute: ComputePrecision = .full) -> [KernelName] {
    let tape = Tape<Float>(compute: compute)
    let images = tape.input(
      .image(
        batch: shard, channels: imageShape.channels, height: imageShape.height,
        width: imageShape.width))
    _ = logits(of: images, with: ParameterVariables(parameters, on: tape), on: tape)
    return tape.convolutions.flatMap { KernelName.ofConvolution($0, compute: compute) }
  }
}
