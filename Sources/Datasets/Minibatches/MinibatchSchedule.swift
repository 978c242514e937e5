import Tensors

/// The order of the training images.
public enum DataOrder: String, CaseIterable, Sendable {
  /// Every epoch in an order of its own, a function of (seed, epoch).
  case shuffled
  /// As they lie: minibatch t holds the images (t·B + i) mod n.
  case sequential
}

/// Which training images make the minibatch of a step: any rank can say it of any step.
public struct MinibatchSchedule {
  public let order: DataOrder
  public let count: Int
  public let batch: Int
  public let seed: UInt64
  private var epoch = -1
  private var permutation: [Int32] = []
  public init(order: DataOrder, count: Int, batch: Int, seed: UInt64) {
    self.order = order; self.count = count; self.batch = batch; self.seed = seed
  }
  public mutating func fill(_ indices: UnsafeMutableBufferPointer<Int>, step: Int) {
    for i in 0..<batch {
      let place = step * batch + i
      if order == .sequential { indices[i] = place % count; continue }
      if place / count != epoch {
        epoch = place / count
        var stream = RandomStream(seed: seed, purpose: .shuffle, step: epoch)
        permutation = stream.permutation(count: count)
      }
      indices[i] = Int(permutation[place % count])
    }
  }
}
