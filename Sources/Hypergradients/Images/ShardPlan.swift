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
}

/// The tapes of a network, recorded when first needed: one for each size, scale and set of passes.
final class ShardTapes<Number: Scalar> {
  private struct Key: Hashable {
    let count: Int
    let total: Int
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

  /// The tape for shards of `count` examples whose losses are averaged over `total`.
  func tape(count: Int, total: Int, passes: Tape<Number>.Passes) -> ShardTape<Number> {
    let key = Key(count: count, total: total, passes: passes)
    if let tape = recorded[key] { return tape }
    let tape = ShardTape<Number>(
      network, count: count, scale: 1 / Number(total), passes: passes, compute: compute)
    tape.tape.profile = profile
    recorded[key] = tape
    return tape
  }
}

extension ShardTape {
  /// Fills the images and labels, and binds the parameters.
  func load(
    _ set: ImageSet, _ indices: UnsafeBufferPointer<Int>, parameters: UnsafePointer<Number>
  ) {
    set.copyImages(indices, into: images.value)
    set.copyLabels(indices, into: labels.pointer)
    tape.bind(parameters: parameters)
  }

  /// Replays the tape and writes the gradient with its companions: loss, then right answers.
  func writeGradient(into slot: UnsafeMutableBufferPointer<Number>, parameterCount: Int) {
    guard let start = slot.baseAddress else { return }
    tape.replay()
    tape.pullback(into: start)
    clearGap(behind: start, parameterCount: parameterCount)
    start[parameterCount] = Number(meanLoss)
    start[parameterCount + 1] = Number(correctCount)
  }

  /// Writes the gradient's tangents along all tangents of `parameters`, after `writeGradient`.
  func writeTangents(
    of gradient: Jet<Number>, along parameters: Jet<Number>,
    into slot: UnsafeMutableBufferPointer<Number>
  ) {
    guard let start = slot.baseAddress else { return }
    for k in 1..<1 + gradient.tangentCount {
      tape.differentiate(
        along: parameters.storage.pointer + k * parameters.stride,
        into: start + k * gradient.stride)
      clearGap(behind: start + k * gradient.stride, parameterCount: gradient.count)
    }
  }

  private func clearGap(behind vector: UnsafeMutablePointer<Number>, parameterCount: Int) {
    for i in parameterCount..<Jet<Number>.stride(count: parameterCount) { vector[i] = 0 }
  }
}
