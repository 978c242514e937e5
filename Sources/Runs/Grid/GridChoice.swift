import Hypergradients
import MessagePassing
import Settings
import Tensors

/// The shape of the process grid and the differentiation mode: as configured, or the cheapest
/// according to a cost model.
///
/// The model is `WindowModel` with nominal rates: a choice must not depend on the machine's load.
package struct GridChoice: Hashable, Sendable {
  /// C, the number of column groups.
  package let columns: Int
  /// D, the number of data groups.
  package let data: Int
  /// The differentiation mode.
  package let mode: DifferentiationMode

  /// Creates a choice.
  package init(columns: Int, data: Int, mode: DifferentiationMode) {
    self.columns = columns
    self.data = data
    self.mode = mode
  }

  /// Arranges all ranks of `world`; a collective.
  ///
  /// - Parameters:
  ///   - wanted: the shape, or automatic.
  ///   - work: the work of a window.
  /// - Throws: `GridError` on every rank. A grid that leaves ranks idle ends all of them.
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

  /// Chooses column groups × data groups for `ranks` ranks, and the mode.
  ///
  /// - Throws: `RunError` if no shape gives every rank a column and a shard.
  package static func choose(
    _ wanted: Configuration.Parallel.Grid, ranks: Int, work: WindowWork
  ) throws(RunError) -> GridChoice {
    let possible = Self.possible(wanted, ranks: ranks, work: work)
    let model = WindowModel(work, .nominal, hosts: HostLayout(ranksPerNode: ranks))
    if let best = possible.min(by: { model.seconds($0).total < model.seconds($1).total }) {
      return best
    }
    // A requested shape is checked later, where the error names the ranks.
    if case .fixed(let columns, let data) = wanted {
      return GridChoice(columns: columns, data: data, mode: work.modes.first ?? .forward)
    }
    let most = work.modes.map(work.mostColumnGroups).max() ?? 1
    // One of two factors is at most the square root of their product.
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

  /// The choices that give every rank work.
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
