import Hypergradients
import MessagePassing
import Storage

/// The time that every rank has spent in each phase, which reveals load imbalance.
///
/// Covers the current start only, since a run may resume on other ranks.
package struct RankSeconds {
  /// One row per rank; empty except on the root.
  private let ranks: [[Double]]

  /// Gathers the ranks' own times; a collective.
  package init(_ own: PhaseSeconds, of world: any Communicator) {
    ranks =
      world.gatherVariable([own.training, own.validation, own.estimation, own.update]) ?? []
  }

  /// One array per phase, with one number per rank.
  package var json: JSONValue {
    .object(
      ["training", "validation", "estimation", "update"].enumerated().map { place, phase in
        .init(phase, .numbers(ranks.map { $0[place] }))
      })
  }
}
