import Tensors

extension ParameterLayout {
  /// Initial parameters: convolutions and linear layers as PyTorch initialises them (uniform in
  /// ±1/√fanIn, weights and biases alike), normalisations at 1 and 0; what other layers start with is
  /// said at their networks.
  ///
  /// A function of the seed and of each tensor's place in the network; drawn in the row-major order
  /// of PyTorch's shapes, so that they do not depend on how the flat vector arranges them.
  ///
  /// - Returns: `[count]`.
  public func initialParameters<Number: Scalar>(seed: UInt64, as _: Number.Type) -> [Number] {
    var flat = [Number](repeating: 0, count: count)
    flat.withUnsafeMutableBufferPointer { flat in
      for (number, tensor) in tensors.enumerated() {
        var stream = RandomStream(seed: seed, purpose: .parameters, step: number)
        let values = (0..<tensor.count).map { _ in
          switch tensor.initial {
          case .constant(let value): Number(value)
          case .uniform(let fanIn):
            Number((2 * stream.uniform() - 1) / Double(fanIn).squareRoot())
          case .uniformWithin(let bound): Number((2 * stream.uniform() - 1) * bound)
          case .normal(let deviation): Number(deviation * stream.normal())
          }
        }
        set(tensor, to: values, in: flat)
      }
    }
    return flat
  }
}
