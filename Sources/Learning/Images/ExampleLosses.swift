import Networks
import Tensors

/// The losses of single images under a classifier, on this rank alone.
public struct ExampleLosses {
  private let network: any Network
  private let images: any Examples
  private static let shard = 16

  /// The losses of a network on images, as they are.
  public init(_ network: any Network, _ images: any Examples) {
    (self.network, self.images) = (network, images)
  }

  /// The loss of each of some images.
  ///
  /// - Parameters:
  ///   - indices: in the set.
  ///   - parameters: θ, `[p]`.
  public func losses<Number: Scalar>(
    of indices: [Int], parameters: UnsafeBufferPointer<Number>
  ) -> [Double] {
    guard let theta = parameters.baseAddress else { return [] }
    let tapes = ShardTapes<Number>(Classifier(network), images.fields, shard: Self.shard)
    var losses: [Double] = []
    losses.reserveCapacity(indices.count)
    for start in stride(from: 0, to: indices.count, by: Self.shard) {
      let shard = Array(indices[start..<min(indices.count, start + Self.shard)])
      let tape = tapes.tape(count: shard.count, passes: .values)
      shard.withUnsafeBufferPointer { tape.load(images, $0, parameters: theta) }
      tape.tape.replay()
      for i in shard.indices { losses.append(Double(tape.losses.value[i])) }
    }
    return losses
  }
}
