/// The random words of one layer's dropout for one example in one step.
///
/// The seed is the key of Philox4x32-10, as in ``RandomStream``; the counter is (block, purpose +
/// 256 · layer, the step, the example). Purposes are below 256, so no other stream has a counter of
/// these.
@frozen
public struct DropoutStream: Sendable {
  @usableFromInline let key: Philox4x32.Key
  @usableFromInline let counter: Philox4x32.Block

  /// The words of a seed, a step, an example's number in its set and a layer.
  ///
  /// - Precondition: step and example fit 32 bits, and the layer 24.
  @inlinable
  public init(seed: UInt64, step: Int, example: Int, layer: Int) {
    key = Philox4x32.Key(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    precondition(layer >= 0 && layer < 1 << 24, "dropout in layer \(layer), with room for 2^24")
    counter = Philox4x32.Block(
      0, RandomPurpose.dropout.rawValue + UInt32(layer) << 8, UInt32(step), UInt32(example))
  }

  /// Four words; another four for each block.
  @inlinable
  public func words(_ block: UInt32) -> Philox4x32.Block {
    var counter = counter
    counter[0] = block
    return Philox4x32.block(counter: counter, key: key)
  }
}
