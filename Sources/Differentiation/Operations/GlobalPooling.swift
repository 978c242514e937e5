import Tensors

extension Tape {
  /// The mean over all pixels: images, or a tensor `[batch, channels, …]`, to `[batch, channels]`.
  public func globalAveragePool(_ input: Variable<Number>) -> Variable<Number> {
    var x = input
    if case .image = input.shape { x = tensor(of: input) }
    let rank = x.shape.dimensions.count
    precondition(rank >= 2, "a global pooling takes [batch, channels, …], not \(input.shape)")
    return rank == 2 ? x : mean(of: x, axes: Array(2..<rank))
  }
}
