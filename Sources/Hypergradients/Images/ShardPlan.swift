import Datasets
import Differentiation
import Networks
import Tensors

/// How a number of examples is cut into shards of one size, the last one smaller if need be.
struct ShardPlan {
  /// Examples in all.
  let count: Int
  /// Examples in every shard but perhaps the last.
  let shard: Int

  /// How many shards there are.
  var shardCount: Int { (count + shard - 1) / shard }

  /// The examples of a shard.
  func range(of index: Int) -> Range<Int> {
    index * shard..<min(count, (index + 1) * shard)
  }

  /// The examples of several shards in a row.
  func range(of shards: Range<Int>) -> Range<Int> {
    min(count, shards.lowerBound * shard)..<min(count, shards.upperBound * shard)
  }
}

/// The tapes of a network, recorded when first needed: one for each size and set of passes.
final class ShardTapes<Number: Scalar> {
  private struct Key: Hashable {
    let count: Int
    let passes: Tape<Number>.Passes
  }

  /// Examples in a full shard.
  let shard: Int
  private let network: any Network
  private let compute: ComputePrecision
  private var recorded: [Key: ShardTape<Number>] = [:]
  /// Where the tapes count their time, if anywhere.
  var profile: WorkProfile? {
    didSet { for tape in recorded.values { tape.tape.profile = profile } }
  }

  init(_ network: any Network, shard: Int, compute: ComputePrecision = .full) {
    self.network = network
    self.compute = compute
    self.shard = shard
  }

  /// The tape for shards of `count` examples.
  func tape(count: Int, passes: Tape<Number>.Passes) -> ShardTape<Number> {
    let key = Key(count: count, passes: passes)
    if let tape = recorded[key] { return tape }
    let tape = ShardTape<Number>(network, count: count, passes: passes, compute: compute)
    tape.tape.profile = profile
    recorded[key] = tape
    return tape
  }
}

extension ShardTape {
  /// Fills the images, changed by the step's augmentation, and labels, and binds the parameters.
  func load(
    _ set: ImageSet, _ indices: UnsafeBufferPointer<Int>, parameters: UnsafePointer<Number>,
    augmentation: AugmentationStep? = nil
  ) {
    set.copyImages(indices, into: images.value, augmentation: augmentation)
    set.copyLabels(indices, into: labels.pointer)
    tape.bind(parameters: parameters)
  }
}

/// One vector of an ordered sum's slot: a gradient or a tangent of it, with its companions.
struct SummandVector<Number: Scalar> {
  /// `[stride]`.
  let start: UnsafeMutablePointer<Number>
  private let parameterCount: Int

  /// Vector `index` of a slot of gradient jets.
  init(_ slot: UnsafeMutableBufferPointer<Number>, _ index: Int, parameterCount: Int) {
    guard let base = slot.baseAddress else { preconditionFailure("an empty slot") }
    start = base + index * Jet<Number>.stride(count: parameterCount)
    self.parameterCount = parameterCount
  }

  /// Clears what stands behind the parameters, then writes companions.
  func finish(_ companions: Number...) {
    for i in parameterCount..<Jet<Number>.stride(count: parameterCount) { start[i] = 0 }
    for (i, number) in companions.enumerated() { start[parameterCount + i] = number }
  }

  /// Clears all of it.
  func clear() {
    start.update(repeating: 0, count: Jet<Number>.stride(count: parameterCount))
  }
}
