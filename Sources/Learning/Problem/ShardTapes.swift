import Differentiation
import Tensors

/// The tapes of a model, recorded when first needed: one for each size and set of passes.
final class ShardTapes<Number: Scalar> {
  private struct Key: Hashable {
    let count: Int
    let passes: Tape<Number>.Passes
  }

  /// Examples in a full shard.
  let shard: Int
  private let model: any Model
  private let fields: [ExampleField]
  private let compute: ComputePrecision
  private let seed: UInt64
  private var recorded: [Key: ShardTape<Number>] = [:]
  /// Where the tapes count their time, if anywhere.
  var profile: WorkProfile? {
    didSet { for tape in recorded.values { tape.tape.profile = profile } }
  }

  init(
    _ model: any Model, _ fields: [ExampleField], shard: Int, compute: ComputePrecision = .full,
    seed: UInt64 = 0
  ) {
    self.model = model
    self.seed = seed
    self.fields = fields
    self.compute = compute
    self.shard = shard
  }

  /// The tape for shards of `count` examples.
  func tape(count: Int, passes: Tape<Number>.Passes) -> ShardTape<Number> {
    let key = Key(count: count, passes: passes)
    if let tape = recorded[key] { return tape }
    let tape = ShardTape<Number>(
      model, fields, count: count, passes: passes, compute: compute, seed: seed)
    tape.tape.profile = profile
    recorded[key] = tape
    return tape
  }
}

extension ShardTape {
  /// Fills in examples, changed as the step says, and binds the parameters.
  func load(
    _ examples: some Examples, _ indices: UnsafeBufferPointer<Int>, step: Int? = nil,
    parameters: UnsafePointer<Number>
  ) {
    examples.load(indices, step: step, into: fields)
    tape.draws.set(seed: seed, step: step, examples: indices)
    tape.bind(parameters: parameters)
  }
}
