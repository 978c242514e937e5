import Learning
import Settings
import Tensors

extension Configuration {
  /// Requires that a network can be recorded for every size of shard that a run will have.
  ///
  /// A model from a file may have the size of a batch in it. What does not fit is to be known before
  /// training starts, when it is still a sentence.
  ///
  /// - Throws: `RunError`
  func requireShards<Number: Scalar>(
    of data: SplitData, by network: any DescribedModel, as: Number.Type
  ) throws(RunError) {
    guard let path = self.network.path else { return }
    let shard = parallel.shard
    var sizes: Set<Int> = []
    for count in [inner.batch, data.validation.count, data.test.count] {
      sizes.formUnion([min(shard, count), count % shard])
    }
    if task == .reweighting {
      // The losses of the examples that are listed are looked at in shards of their own.
      let listed = min(reweighting.listed, data.training.count)
      sizes.formUnion([min(ExampleLosses.shard, listed), listed % ExampleLosses.shard])
    }
    for size in sizes.subtracting([0]).sorted(by: >) {
      if let refusal = network.refusal(ofShard: size, compute: compute, as: Number.self) {
        throw Self.error(path, refusal, data: "shards of \(size) examples")
      }
    }
  }
}
