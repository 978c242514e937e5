import MessagePassing

/// The shape of the process grid: as configured, or the cheapest by a cost model.
///
/// One inner step costs a rank ⌈S/D⌉ (1 + 2 ⌈q/C⌉) passes over a shard and, if D > 1, the sum of
/// 1 + ⌈q/C⌉ vectors over the data axis. A pass over a shard of 16 images takes about as long as
/// adding twelve such vectors over ranks of one host (LeNet and WideResNet 16-2); faster networks
/// between hosts move that number up, slower ones down.
public enum GridChoice {
  private static let vectorsPerPass = 12

  /// Arranges all ranks of `world`; a collective.
  ///
  /// - Parameters:
  ///   - wanted: the shape, or that it is to be chosen.
  ///   - columns: q, the tuned hyperparameters; 0 when nothing is tuned.
  ///   - shards: S, of a minibatch.
  /// - Throws: `GridError` on every rank. A grid that leaves ranks without work ends them all.
  public static func grid(
    _ wanted: Configuration.Parallel.Grid, world: any Communicator, columns: Int, shards: Int
  ) throws -> ProcessGrid {
    let shape = world.allOrNone {
      let shape = try Self.shape(
        wanted, ranks: world.size, columns: columns, shards: shards)
      try ProcessGrid.requireWork(
        columnGroups: shape.columns, dataGroups: shape.data, columns: max(1, columns),
        shards: shards)
      return shape
    }
    return try ProcessGrid(world: world, columns: shape.columns, data: shape.data)
  }

  /// Column groups × data groups for `ranks` ranks.
  ///
  /// - Throws: `RunError` where no shape gives every rank a column and a shard.
  static func shape(
    _ wanted: Configuration.Parallel.Grid, ranks: Int, columns: Int, shards: Int
  ) throws(RunError) -> (columns: Int, data: Int) {
    switch wanted {
    case .fixed(let columns, let data): return (columns, data)
    case .auto:
      let shapes = (1...ranks).filter { ranks % $0 == 0 }.map { (columns: $0, data: ranks / $0) }
      let possible = shapes.filter { $0.columns <= max(1, columns) && $0.data <= shards }
      if let best = possible.min(by: {
        cost($0, columns: columns, shards: shards) < cost($1, columns: columns, shards: shards)
      }) {
        return best
      }
      let most = (1...ranks).reversed().first { count in
        (1...count).contains { $0 <= max(1, columns) && count % $0 == 0 && count / $0 <= shards }
      }
      throw RunError(
        "\(ranks) ranks are more than there is work for: \(columns) column(s) and \(shards) "
          + "shard(s) of a minibatch keep at most \(most ?? 1) of them busy and "
          + "\(ranks - (most ?? 1)) would idle. Start \(most ?? 1) ranks, or make "
          + "parallel.shard smaller or inner.batch larger.")
    }
  }

  private static func cost(
    _ shape: (columns: Int, data: Int), columns: Int, shards: Int
  ) -> Int {
    let own = (columns + shape.columns - 1) / shape.columns
    let passes = (shards + shape.data - 1) / shape.data * (1 + 2 * own)
    return vectorsPerPass * passes + (shape.data > 1 ? 1 + own : 0)
  }
}
