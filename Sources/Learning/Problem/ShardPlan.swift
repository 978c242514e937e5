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
