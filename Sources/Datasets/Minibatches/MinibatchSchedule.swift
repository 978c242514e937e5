import Tensors

/// The order of the training images.
public enum DataOrder: String, CaseIterable, Sendable {
  /// Every epoch in an order of its own, a function of (seed, epoch).
  case shuffled
  /// As they lie in the file.
  case sequential
}

/// Which training images make the minibatch of a step: any rank can draw any step.
///
/// The images are laid out epoch after epoch without a gap, and minibatch t (from 0) is the B images
/// from place t·B on: place i is image i mod n (`sequential`), or entry i mod n of the permutation of
/// epoch ⌊i/n⌋ (`shuffled`). No image is left out; a minibatch may reach into the next epoch.
public struct MinibatchSchedule {
  /// The order within an epoch.
  public let order: DataOrder
  /// n, the number of training images.
  public let count: Int
  /// B, the number of images in a minibatch.
  public let batch: Int
  /// What the orders are functions of.
  public let seed: UInt64
  private var epoch = -1
  /// The permutation of `epoch`.
  private var permutation: [Int32]

  /// The schedule of `count` images in minibatches of `batch`.
  ///
  /// - Throws: `SplitError` when a minibatch is larger than the training set.
  public init(order: DataOrder, count: Int, batch: Int, seed: UInt64) throws(SplitError) {
    guard batch >= 1, batch <= count else {
      throw SplitError.minibatchAboveImages(batch: batch, available: count)
    }
    self.order = order
    self.count = count
    self.batch = batch
    self.seed = seed
    permutation = order == .shuffled ? Array(repeating: 0, count: count) : []
  }

  /// Writes the images of minibatch `step`, from 0: `[batch]`.
  ///
  /// Draws a permutation when the epoch changes, in memory that is reused; otherwise O(B).
  public mutating func fill(_ indices: UnsafeMutableBufferPointer<Int>, step: Int) {
    precondition(step >= 0 && indices.count == batch, "\(indices.count) places for step \(step)")
    for i in 0..<batch {
      let place = step * batch + i
      if order == .sequential {
        indices[i] = place % count
      } else {
        if place / count != epoch { draw(epoch: place / count) }
        indices[i] = Int(permutation[place % count])
      }
    }
  }

  private mutating func draw(epoch: Int) {
    self.epoch = epoch
    var stream = RandomStream(seed: seed, purpose: .shuffle, step: epoch)
    permutation.withUnsafeMutableBufferPointer { stream.permutation(into: $0) }
  }
}
