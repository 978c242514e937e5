import Hypergradients
import MessagePassing
import Storage

/// What every rank has spent in its phases: unequal numbers are an unequal load.
///
/// Of the present start alone, for a run may go on with other ranks.
package struct RankSeconds {
  /// Rank by rank; empty on all ranks but the root.
  private let ranks: [[Double]]

  /// Brings the ranks' own seconds together; a collective.
  package init(_ own: PhaseSeconds, of world: any Communicator) {
    ranks =
      world.gatherVariable([own.training, own.validation, own.estimation, own.update]) ?? []
  }

  /// A list for each phase, one number a rank.
  package var json: JSONValue {
    .object(
      ["training", "validation", "estimation", "update"].enumerated().map { place, phase in
        .init(phase, .numbers(ranks.map { $0[place] }))
      })
  }
}
