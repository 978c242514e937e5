import Datasets
import Differentiation
import Hypergradients
import MessagePassing
import Networks
import Tensors

/// A model trained on examples: minibatches in shards, spread over the ranks of a process grid.
///
/// A minibatch of B examples is cut into shards of a fixed size, whatever the number of ranks. The ranks
/// of a data axis share the shards; each replays one tape per shard for the gradient and its own
/// columns (or adjoints), and the shards' gradient jets are added in a fixed order. Validation and
/// test sets are shared by all ranks of the world.
public final class ShardedProblem<Number: Scalar & MessageElement>: InnerProblem {
  /// p.
  public let parameterCount: Int
  /// The length of the weighting's φ.
  public let lossHyperparameterCount: Int
  /// Fewer than φ has numbers, where the loss has a basis.
  public let lossColumnCount: Int
  /// The model's layers.
  public let layers: [Range<Int>]
  /// The running statistics of the model, if it has any.
  public let statistics: [RunningStatistics]
  let layout: ParameterLayout
  /// The examples of a minibatch in shards.
  let batch: ShardPlan
  let examples: SplitExamples
  /// Which rank has which shards.
  public let grid: ProcessGrid
  let tapes: ShardTapes<Number>
  let loss: MinibatchLoss<Number>
  private let summation: SummationMode
  private var trainingSums: [Int: OrderedSum<Number>] = [:]
  private var validationSum: OrderedSum<Number>?
  private let validationJet: Jet<Number>
  private let validationSeeds: Buffer<Number>
  /// The examples with their classes; nil where they have none.
  let labelled: (any LabelledExamples)?
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

  /// A problem of a model and its examples.
  ///
  /// - Parameters:
  ///   - model: what is trained.
  ///   - examples: to train on, to validate with and to test with.
  ///   - schedule: which training examples each minibatch consists of; its seed is that of all random
  ///     parts of the model too.
  ///   - loss: how training examples are weighted; nil for their plain mean.
  ///   - shard: examples in a shard; about 16 images keep a shard's numbers in the cache.
  ///   - grid: which rank has which shards; the same arguments on every rank.
  ///   - summation: how the ranks add what their shards give.
  ///   - compute: how convolutions and matrix products read their operands.
  public init(
    _ model: any Model, examples: SplitExamples, schedule: MinibatchSchedule,
    loss: WeightedLoss? = nil, shard: Int, grid: ProcessGrid, summation: SummationMode,
    compute: ComputePrecision = .full
  ) {
    parameterCount = model.parameters.count
    lossHyperparameterCount = loss?.weighting.hyperparameterCount ?? 0
    lossColumnCount = loss?.columnCount ?? 0
    layers = model.parameters.layers.map(\.range)
    layout = model.parameters
    statistics = model.parameters.tensors.compactMap { tensor in
      tensor.statisticMomentum.map {
        RunningStatistics(tensor.offset..<tensor.offset + tensor.count, momentum: $0)
      }
    }
    self.examples = examples
    labelled = examples.training as? any LabelledExamples
    precondition(
      labelled != nil || loss?.weighting.goesByLabels != true,
      "weights of classes need examples with class labels")
    self.schedule = schedule
    self.grid = grid
    self.summation = summation
    batch = ShardPlan(count: schedule.batch, shard: shard)
    tapes = ShardTapes(
      model, examples.training.fields, shard: shard, compute: compute, seed: schedule.seed)
    self.loss = MinibatchLoss(loss, batch: schedule.batch)
    validationSeeds = Buffer(count: shard)
    validationJet = Jet(count: model.parameters.count, tangentCount: 0)
    minibatch = .allocate(capacity: schedule.batch)
    everything = Array(0..<max(examples.validation.count, examples.test.count))
  }

  deinit { minibatch.deallocate() }

  /// How many shards a minibatch has.
  public var shardCount: Int { batch.shardCount }

  /// ∇θ L̃ over the validation set, shared by all ranks.
  public func validationGradient(
    parameters: UnsafeBufferPointer<Number>, gradient: UnsafeMutableBufferPointer<Number>
  ) -> Evaluation {
    let set = examples.validation
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
      let vector = SummandVector(sum.slot(), 0, layout)
      tape.tape.replay()
      tape.tape.pullback(seed: UnsafePointer(validationSeeds.pointer), into: vector.start)
      vector.finish([scale * tape.lossSum] + tape.outputs.metrics.map { Number(tape.sum(of: $0)) })
      profile.measure(.sums) { sum.commit() }
    }
    profile.measure(.sums) { sum.finish(into: validationJet.storage.elements) }
    _ = gradient.update(fromContentsOf: validationJet.primal)
    return Evaluation(
      loss: Double(validationJet.companions[0]),
      metrics: metrics(plan, .gradients).enumerated().map { index, metric in
        Metric(
          metric.name,
          metric.conclusion(Double(validationJet.companions[1 + index]) / Double(set.count)))
      })
  }

  /// Loss and metrics over a held-out set, shared by all ranks; the accuracy of every class too, where
  /// there are classes.
  public func evaluate(
    _ set: EvaluationSet, parameters: UnsafeBufferPointer<Number>
  ) -> Evaluation {
    let set = set == .validation ? examples.validation : examples.test
    let classes = set as? any LabelledExamples
    let classCount = classes?.classCount ?? 0
    let plan = ShardPlan(count: set.count, shard: tapes.shard)
    let metrics = metrics(plan, .values)
    // The loss, the metrics, then the examples and the right answers of every class.
    let firstClass = 1 + metrics.count
    let length = firstClass + 2 * classCount
    let sum = OrderedSum<Double>(
      shards: plan.shardCount, length: length, over: grid.world, mode: summation)
    let scale = 1 / Number(set.count)
    var labels = [Int32](repeating: 0, count: tapes.shard)
    sum.begin()
    for shard in sum.ownedShards {
      let range = plan.range(of: shard)
      let tape = tapes.tape(count: range.count, passes: .values)
      load(tape, from: set, range, parameters: parameters)
      tape.tape.replay()
      let slot = sum.slot()
      slot.update(repeating: 0)
      slot[0] = Double(scale * tape.lossSum)
      for (index, metric) in tape.outputs.metrics.enumerated() {
        slot[1 + index] = tape.sum(of: metric)
      }
      if let classes {
        copyLabels(of: classes, range, into: &labels)
        let accuracy = tape.outputs.metrics.first { $0.name == Metric.accuracy }
        for row in 0..<range.count {
          let place = firstClass + 2 * Int(labels[row])
          slot[place] += 1
          slot[place + 1] += accuracy?.value(row) ?? 0
        }
      }
      profile.measure(.sums) { sum.commit() }
    }
    var total = [Double](repeating: 0, count: length)
    total.withUnsafeMutableBufferPointer { sum.finish(into: $0) }
    let hasAccuracy = metrics.contains { $0.name == Metric.accuracy }
    return Evaluation(
      loss: total[0],
      metrics: metrics.enumerated().map { index, metric in
        Metric(metric.name, metric.conclusion(total[1 + index] / Double(set.count)))
      },
      classAccuracies: (0..<(hasAccuracy ? classCount : 0)).map { label in
        let place = firstClass + 2 * label
        return total[place] > 0 ? total[place + 1] / total[place] : nil
      })
  }

  /// What the model reports beside its loss, also on a rank without a shard of the set.
  private func metrics(
    _ plan: ShardPlan, _ passes: Tape<Number>.Passes
  ) -> [ExampleMetric<Number>] {
    tapes.tape(count: plan.range(of: 0).count, passes: passes).outputs.metrics
  }

  private func copyLabels(
    of set: any LabelledExamples, _ range: Range<Int>, into labels: inout [Int32]
  ) {
    labels.withUnsafeMutableBufferPointer { labels in
      guard let destination = labels.baseAddress else { return }
      everything.withUnsafeBufferPointer {
        set.copyLabels(UnsafeBufferPointer(rebasing: $0[range]), into: destination)
      }
    }
  }

  private func load(
    _ tape: ShardTape<Number>, from set: any Examples, _ range: Range<Int>,
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
