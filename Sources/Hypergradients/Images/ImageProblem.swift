import Datasets
import Differentiation
import MessagePassing
import Networks
import Tensors

/// A classifier trained on images: minibatches in shards, spread over the ranks of a process grid.
///
/// A minibatch of B images is cut into shards of a fixed size, whatever the number of ranks. The ranks
/// of a data axis share the shards; each replays one tape per shard for the gradient and its own
/// columns (or adjoints), and the shards' gradient jets are added in a fixed order. Validation and
/// test sets are shared by all ranks of the world.
public final class ImageProblem<Number: Scalar & MessageElement>: InnerProblem {
  /// p.
  public let parameterCount: Int
  /// The length of the weighting's φ.
  public let lossHyperparameterCount: Int
  /// The network's layers.
  public let layers: [Range<Int>]
  /// The examples of a minibatch in shards.
  let batch: ShardPlan
  let images: SplitImages
  /// Which rank has which shards.
  public let grid: ProcessGrid
  let tapes: ShardTapes<Number>
  let loss: MinibatchLoss<Number>
  private let summation: SummationMode
  private var trainingSums: [Int: OrderedSum<Number>] = [:]
  private var validationSum: OrderedSum<Number>?
  private let validationJet: Jet<Number>
  private let validationSeeds: Buffer<Number>
  private let classCount: Int
  /// Σ w′ ∇ℓ, where the loss needs it.
  var slopeGradient: Jet<Number>?
  var schedule: MinibatchSchedule
  let minibatch: UnsafeMutableBufferPointer<Int>
  private let everything: [Int]

  /// Counts the time of gradients by kind of work; nil, as at first, costs nothing.
  public var profile: WorkProfile? {
    get { tapes.profile }
    set { tapes.profile = newValue }
  }

  /// A problem of a network and its images.
  ///
  /// - Parameters:
  ///   - loss: how training examples are weighted; nil for their plain mean.
  ///   - shard: images in a shard; about 16 keep a shard's numbers in the cache.
  ///   - grid: which rank has which shards; the same arguments on every rank.
  ///   - compute: how convolutions and matrix products read their operands.
  public init(
    _ network: any Network, images: SplitImages, schedule: MinibatchSchedule,
    loss: WeightedLoss? = nil, shard: Int, grid: ProcessGrid, summation: SummationMode,
    compute: ComputePrecision = .full
  ) {
    parameterCount = network.parameters.count
    lossHyperparameterCount = loss?.weighting.hyperparameterCount ?? 0
    classCount = network.classCount
    layers = network.parameters.layers.map(\.range)
    self.images = images
    self.schedule = schedule
    self.grid = grid
    self.summation = summation
    batch = ShardPlan(count: schedule.batch, shard: shard)
    tapes = ShardTapes(network, shard: shard, compute: compute)
    self.loss = MinibatchLoss(loss, batch: schedule.batch)
    validationSeeds = Buffer(count: shard)
    validationJet = Jet(count: network.parameters.count, tangentCount: 0)
    minibatch = .allocate(capacity: schedule.batch)
    everything = Array(0..<max(images.validation.count, images.test.count))
  }

  deinit { minibatch.deallocate() }

  /// How many shards a minibatch has.
  public var shardCount: Int { batch.shardCount }

  /// ∇θ L̃ over the validation set, shared by all ranks.
  public func validationGradient(
    parameters: UnsafeBufferPointer<Number>, gradient: UnsafeMutableBufferPointer<Number>
  ) -> Evaluation {
    let set = images.validation
    let plan = ShardPlan(count: set.count, shard: tapes.shard)
    let sum = validationSum ?? makeSum(plan.shardCount, validationJet.stride, over: grid.world)
    validationSum = sum
    let scale = 1 / Number(set.count)
    validationSeeds.pointer.update(repeating: scale, count: tapes.shard)
    sum.begin()
    for shard in sum.ownedShards {
      let range = plan.range(of: shard)
      let tape = tapes.tape(count: range.count, passes: .gradients)
      load(tape, from: set, range, parameters: parameters)
      let vector = SummandVector(sum.slot(), 0, parameterCount: parameterCount)
      tape.tape.replay()
      tape.tape.pullback(seed: UnsafePointer(validationSeeds.pointer), into: vector.start)
      vector.finish(scale * tape.lossSum, Number(tape.correctCount))
      profile.measure(.sums) { sum.commit() }
    }
    profile.measure(.sums) { sum.finish(into: validationJet.storage.elements) }
    _ = gradient.update(fromContentsOf: validationJet.primal)
    return Evaluation(
      loss: Double(validationJet.companions[0]),
      accuracy: Double(validationJet.companions[1]) / Double(set.count))
  }

  /// Loss and accuracy over a held-out set, in all and for each class, shared by all ranks.
  public func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>
  ) -> Evaluation {
    let set = set == .validation ? images.validation : images.test
    let plan = ShardPlan(count: set.count, shard: tapes.shard)
    let sum = OrderedSum<Double>(
      shards: plan.shardCount, length: 1 + 2 * classCount, over: grid.world, mode: summation)
    let scale = 1 / Number(set.count)
    sum.begin()
    for shard in sum.ownedShards {
      let range = plan.range(of: shard)
      let tape = tapes.tape(count: range.count, passes: .values)
      load(tape, from: set, range, parameters: parameters)
      tape.tape.replay()
      let slot = sum.slot()
      slot.update(repeating: 0)
      slot[0] = Double(scale * tape.lossSum)
      for row in 0..<range.count {
        let label = Int(tape.labels.pointer[row])
        slot[1 + 2 * label] += 1
        if tape.isRight(row) { slot[2 + 2 * label] += 1 }
      }
      profile.measure(.sums) { sum.commit() }
    }
    var total = [Double](repeating: 0, count: 1 + 2 * classCount)
    total.withUnsafeMutableBufferPointer { sum.finish(into: $0) }
    let right = (0..<classCount).reduce(0) { $0 + total[2 + 2 * $1] }
    return Evaluation(
      loss: total[0], accuracy: right / Double(set.count),
      classAccuracies: (0..<classCount).map { label in
        total[1 + 2 * label] > 0 ? total[2 + 2 * label] / total[1 + 2 * label] : nil
      })
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

  /// The sum of a minibatch's gradient jets with that many tangents.
  func trainingSum(tangentCount: Int) -> OrderedSum<Number> {
    if let sum = trainingSums[tangentCount] { return sum }
    let stride = Jet<Number>.stride(count: parameterCount)
    let sum = makeSum(batch.shardCount, (1 + tangentCount) * stride, over: grid.dataAxis)
    trainingSums[tangentCount] = sum
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
  /// How training images are changed at random; the others never are.
  public let augmentation: Augmentation

  /// Three parts of one kind of images.
  public init(
    training: ImageSet, validation: ImageSet, test: ImageSet, augmentation: Augmentation = .none
  ) {
    self.augmentation = augmentation
    self.training = training
    self.validation = validation
    self.test = test
  }
}
