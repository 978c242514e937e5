import Datasets
import MessagePassing
import Networks
import Tensors

extension ShardedProblem {
  /// A classifier and its images.
  ///
  /// - Parameters:
  ///   - network: what is trained.
  ///   - images: to train on, to validate with and to test with.
  ///   - schedule: which training images each minibatch consists of.
  ///   - loss: how training images are weighted; nil for their plain mean.
  ///   - shard: images in a shard; about 16 keep a shard's numbers in the cache.
  ///   - grid: which rank has which shards; the same arguments on every rank.
  ///   - summation: how the ranks add what their shards give.
  ///   - compute: how convolutions and matrix products read their operands.
  public convenience init(
    _ network: any Network, images: SplitImages, schedule: MinibatchSchedule,
    loss: WeightedLoss? = nil, shard: Int, grid: ProcessGrid, summation: SummationMode,
    compute: ComputePrecision = .full
  ) {
    self.init(
      Classifier(network), examples: images.examples, schedule: schedule, loss: loss,
      shard: shard, grid: grid, summation: summation, compute: compute)
  }
}
