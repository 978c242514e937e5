import Datasets
import Differentiation
import MessagePassing
import Networks
import Tensors

/// A classifier trained on images: minibatches in shards, spread over the ranks of a process grid.
///
/// A minibatch of B images is cut into shards of a fixed size, whatever the number of ranks. The ranks
/// of a data axis share the shards; each replays one tape per shard for the gradient and its own
/// columns, and the shards' gradient jets are added in a fixed order. Validation and test sets are
/// shared by all ranks of the world.
public final class ImageProblem<Number: Scalar & MessageElement>: InnerProblem {
  /// p.
  public let parameterCount: Int
  /// The tasks of a minibatch: shards and their tapes.
  private let batch: ShardPlan
  private let images: SplitImages
  private let grid: ProcessGrid
  private let summation: SummationMode
  private let tapes: ShardTapes<Number>
  private var trainingSums: [Int: OrderedSum<Number>] = [:]
  private var validationSum: OrderedSum<Number>?
  private let validationJet: Jet<Number>
  private var schedule: MinibatchSchedule
  private let minibatch: UnsafeMutableBufferPointer<Int>
  private let everything: [Int]

  /// Counts the time of gradients by kind of work; nil, as at first, costs nothing.
  public var profile: WorkProfile? {
    get { tapes.profile }
    set { tapes.profile = newValue }
  }

  /// A problem of a network and its images.
  ///
  /// - Parameters:
  ///   - shard: images in a shard; about 16 keep a shard's numbers in the cache.
  ///   - grid: which rank has which shards; the same arguments on every rank.
  ///   - compute: how convolutions and matrix products read their operands.
  public init(
    _ network: any Network, images: SplitImages, schedule: MinibatchSchedule, shard: Int,
    grid: ProcessGrid, summation: SummationMode, compute: ComputePrecision = .full
  ) {
    parameterCount = network.parameters.count
    self.images = images
    self.schedule = schedule
    self.grid = grid
    self.summation = summation
    batch = ShardPlan(count: schedule.batch, shard: shard)
    tapes = ShardTapes(network, shard: shard, compute: compute)
    validationJet = Jet(count: network.parameters.count, tangentCount: 0)
    minibatch = .allocate(capacity: schedule.batch)
    everything = Array(0..<max(images.validation.count, images.test.count))
  }

  deinit { minibatch.deallocate() }

  /// How many shards a minibatch has.
  public var shardCount: Int { batch.shardCount }

  /// The gradient jet of the minibatch of `step`, summed over the data axis.
  public func trainingGradient(
    step: Int, parameters: Jet<Number>, hyperparameters: Jet<Number>, gradient: Jet<Number>
  ) -> Double {
    schedule.fill(minibatch, step: step)
    let sum = trainingSum(of: gradient)
    let passes: Tape<Number>.Passes = gradient.tangentCount > 0 ? .tangents : .gradients
    sum.begin()
    for shard in sum.ownedShards {
      let range = batch.range(of: shard)
      let tape = tapes.tape(count: range.count, total: batch.count, passes: passes)
      let indices = UnsafeBufferPointer(rebasing: minibatch[range])
      tape.load(images.training, indices, parameters: parameters.storage.pointer)
      tape.writeGradient(into: sum.slot(), parameterCount: parameterCount)
      tape.writeTangents(of: gradient, along: parameters, into: sum.slot())
      profile.measure(.sums) { sum.commit() }
    }
    profile.measure(.sums) { sum.finish(into: gradient.storage.elements) }
    return Double(gradient.companions[0])
  }

  /// ∇θ L̃ over the validation set, shared by all ranks.
  public func validationGradient(
    parameters: UnsafeBufferPointer<Number>, gradient: UnsafeMutableBufferPointer<Number>
  ) -> Evaluation {
    let set = images.validation
    let plan = ShardPlan(count: set.count, shard: tapes.shard)
    let sum = validationSum ?? makeSum(plan.shardCount, validationJet.stride, over: grid.world)
    validationSum = sum
    sum.begin()
    for shard in sum.ownedShards {
      let range = plan.range(of: shard)
      let tape = tapes.tape(count: range.count, total: plan.count, passes: .gradients)
      load(tape, from: set, range, parameters: parameters)
      tape.writeGradient(into: sum.slot(), parameterCount: parameterCount)
      profile.measure(.sums) { sum.commit() }
    }
    profile.measure(.sums) { sum.finish(into: validationJet.storage.elements) }
    _ = gradient.update(fromContentsOf: validationJet.primal)
    return Evaluation(
      loss: Double(validationJet.companions[0]),
      accuracy: Double(validationJet.companions[1]) / Double(set.count))
  }

  /// Loss and accuracy over a held-out set, shared by all ranks.
  public func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>
  ) -> Evaluation {
    let set = set == .validation ? images.validation : images.test
    let plan = ShardPlan(count: set.count, shard: tapes.shard)
    let sum = OrderedSum<Double>(
      shards: plan.shardCount, length: 2, over: grid.world, mode: summation)
    sum.begin()
    for shard in sum.ownedShards {
      let range = plan.range(of: shard)
      let tape = tapes.tape(count: range.count, total: plan.count, passes: .values)
      load(tape, from: set, range, parameters: parameters)
      tape.tape.replay()
      let slot = sum.slot()
      slot[0] = tape.meanLoss
      slot[1] = Double(tape.correctCount)
      profile.measure(.sums) { sum.commit() }
    }
    var total = [0.0, 0.0]
    total.withUnsafeMutableBufferPointer { sum.finish(into: $0) }
    return Evaluation(loss: total[0], accuracy: total[1] / Double(set.count))
  }

  private func load(
    _ tape: ShardTape<Number>, from set: ImageSet, _ range: Range<Int>,
    parameters: UnsafeBufferPointer<Number>
  ) {
    guard let pointer = parameters.baseAddress else { return }
    everything.withUnsafeBufferPointer {
      tape.load(set, UnsafeBufferPointer(rebasing: $0[range]), parameters: pointer)
    }
  }

  private func trainingSum(of gradient: Jet<Number>) -> OrderedSum<Number> {
    if let sum = trainingSums[gradient.tangentCount] { return sum }
    let sum = makeSum(batch.shardCount, gradient.storage.count, over: grid.dataAxis)
    trainingSums[gradient.tangentCount] = sum
    return sum
  }

  private func makeSum(
    _ shards: Int, _ length: Int, over communicator: any Communicator
  ) -> OrderedSum<Number> {
    OrderedSum(shards: shards, length: length, over: communicator, mode: summation)
  }
}

/// The three parts of a data set.
public struct SplitImages: Sendable {
  /// What is trained on.
  public let training: ImageSet
  /// What hypergradients come from.
  public let validation: ImageSet
  /// What only reports see.
  public let test: ImageSet

  /// Three parts of one kind of images.
  public init(training: ImageSet, validation: ImageSet, test: ImageSet) {
    self.training = training
    self.validation = validation
    self.test = test
  }
}
