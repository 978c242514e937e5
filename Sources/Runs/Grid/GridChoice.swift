import Hypergradients
import MessagePassing
import Settings
import Tensors

/// The shape of the process grid and the mode: as configured, or the cheapest by a cost model.
///
/// The model is `WindowModel`, with nominal rates: a choice must not depend on how busy the machine is.
package struct GridChoice: Hashable, Sendable {
  /// C.
  package let columns: Int
  /// D.
  package let data: Int
  /// Columns or adjoints.
  package let mode: DifferentiationMode

  /// A choice.
  package init(columns: Int, data: Int, mode: DifferentiationMode) {
    self.columns = columns
    self.data = data
    self.mode = mode
  }

  /// Arranges all ranks of `world`; a collective.
  ///
  /// - Parameters:
  ///   - wanted: the shape, or that it is to be chosen.
  ///   - work: what a window is made of.
  /// - Throws: `GridError` on every rank. A grid that leaves ranks without work ends them all.
  package static func grid(
    _ wanted: Configuration.Parallel.Grid, world: any Communicator, work: WindowWork
  ) throws -> (grid: ProcessGrid, mode: DifferentiationMode) {
    let choice = world.allOrNone {
      let choice = try Self.choose(wanted, ranks: world.size, work: work)
      try ProcessGrid.requireWork(
        columnGroups: choice.columns, dataGroups: choice.data,
        columns: work.mostColumnGroups(choice.mode), shards: work.shards)
      return choice
    }
    let grid = try ProcessGrid(world: world, columns: choice.columns, data: choice.data)
    return (grid, choice.mode)
  }

  /// Column groups × data groups for `ranks` ranks, and the mode.
  ///
  /// - Throws: `RunError` where no shape gives every rank a column and a shard.
  package static func choose(
    _ wanted: Configuration.Parallel.Grid, ranks: Int, work: WindowWork
  ) throws(RunError) -> GridChoice {
    let possible = Self.possible(wanted, ranks: ranks, work: work)
    let model = WindowModel(work, .nominal, hosts: HostLayout(ranksPerNode: ranks))
    if let best = possible.min(by: { model.seconds($0).total < model.seconds($1).total }) {
      return best
    }
    // A shape that was asked for is judged where its error names the ranks.
    if case .fixed(let columns, let data) = wanted {
      return GridChoice(columns: columns, data: data, mode: work.modes.first ?? .forward)
    }
    let most = work.modes.map(work.mostColumnGroups).max() ?? 1
    // One of two factors is no larger than the root of their product.
    let busy =
      (1...squareRoot(of: ranks)).map { factor in
        max(
          min(most, factor) * min(work.shards, ranks / factor),
          min(most, ranks / factor) * min(work.shards, factor))
      }.max() ?? 1
    throw RunError(
      "\(ranks) ranks are more than there is work for: \(most) column(s) and \(work.shards) "
        + "shard(s) of a minibatch keep at most \(busy) of them busy and "
        + "\(ranks - busy) would idle. Start \(busy) ranks, or make "
        + "parallel.shard smaller or inner.batch larger.")
  }

  /// The choices that give every rank something to do.
  package static func possible(
    _ wanted: Configuration.Parallel.Grid, ranks: Int, work: WindowWork
  ) -> [GridChoice] {
    let shapes: [(columns: Int, data: Int)] =
      switch wanted {
      case .fixed(let columns, let data): [(columns, data)]
      case .auto:
        divisors(of: ranks).map { (columns: $0, data: ranks / $0) }
      }
    return shapes.flatMap { shape in
      work.modes.map { GridChoice(columns: shape.columns, data: shape.data, mode: $0) }
    }.filter { $0.columns <= work.mostColumnGroups($0.mode) && $0.data <= work.shards }
  }
}
