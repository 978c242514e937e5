import Tensors

/// The losses of single examples under a model, on this rank alone.
public struct ExampleLosses {
  private let model: any Model
  private let examples: any Examples
  /// The examples that go through the model together.
  public static let shard = 16

  /// The losses of a model on examples, without augmentation.
  public init(_ model: any Model, _ examples: any Examples) {
    (self.model, self.examples) = (model, examples)
  }

  /// The loss of each of some examples.
  ///
  /// - Parameters:
  ///   - indices: in the set.
  ///   - parameters: θ, `[p]`.
  public func losses<Number: Scalar>(
    of indices: [Int], parameters: UnsafeBufferPointer<Number>
  ) -> [Double] {
    guard let theta = parameters.baseAddress else { return [] }
    let tapes = ShardTapes<Number>(model, examples.fields, shard: Self.shard)
    var losses: [Double] = []
    losses.reserveCapacity(indices.count)
    for start in stride(from: 0, to: indices.count, by: Self.shard) {
      let shard = Array(indices[start..<min(indices.count, start + Self.shard)])
      let tape = tapes.tape(count: shard.count, passes: .values)
      shard.withUnsafeBufferPointer { tape.load(examples, $0, parameters: theta) }
      tape.tape.replay()
      for i in shard.indices { losses.append(Double(tape.losses.value[i])) }
    }
    return losses
  }
}
