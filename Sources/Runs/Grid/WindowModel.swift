import Hypergradients
import MessagePassing

/// The duration of a window on a grid, from the rates of a machine; `plan` prints it, and `--grid
/// auto` and `mode: auto` choose by it.
///
/// A rank of a C × D grid works on ⌈S/D⌉ of the S shards and on ⌈q/C⌉ columns, or on the adjoints
/// of every C-th observed step. Gradient vectors are summed over the D ranks of a data group,
/// validation gradients over all ranks: each rank sums a slice of all vectors and then receives the
/// other slices.
package struct WindowModel: Sendable {
  let work: WindowWork
  let rates: MachineRates
  let hosts: HostLayout
  let sums: SummationMode

  /// The seconds of a window on the busiest rank, by kind of work.
  package struct Seconds: Equatable, Sendable {
    /// Inner steps, including all columns or adjoints.
    package var training = 0.0
    /// Validation gradients.
    package var validation = 0.0
    /// Sums over ranks, for both.
    package var communication = 0.0

    /// The total duration.
    package var total: Double { training + validation + communication }
  }

  /// Creates a model of some work on a machine.
  package init(
    _ work: WindowWork, _ rates: MachineRates, hosts: HostLayout,
    sums: SummationMode = .reproducible
  ) {
    self.sums = sums
    self.work = work
    self.rates = rates
    self.hosts = hosts
  }

  /// The duration of a window on a grid.
  package func seconds(_ choice: GridChoice) -> Seconds {
    let shards = Double((work.shards + choice.data - 1) / choice.data)
    let steps = Double(work.steps)
    var seconds = Seconds()
    switch choice.mode {
    case .forward:
      let columns = Double((work.hyperparameters + choice.columns - 1) / choice.columns)
      seconds.training =
        steps * (shards * (rates.gradient + columns * rates.tangent) + (1 + columns) * rates.update)
      seconds.communication = steps * sum(vectors: 1 + columns, over: choice.data)
    case .reverse:
      // The adjoints of the busiest rank start from the steps n, n − C, n − 2C, …
      let lanes = (work.observed + choice.columns - 1) / choice.columns
      let tangents =
        Double(lanes) * Double(work.steps) - Double(choice.columns) * Double(lanes)
        * Double(lanes - 1) / 2
      let sweeps = work.recomputes ? 3.0 : 2.0
      seconds.training =
        sweeps * steps * (shards * rates.gradient + rates.update)
        + tangents * (shards * rates.tangent + 2 * rates.update)
      let once = sum(vectors: 1, over: choice.data)
      let back = sum(vectors: 1 + Double(lanes), over: choice.data)
      seconds.communication = steps * ((sweeps - 1) * once + back)
    case .implicit:
      let products = work.implicit?.products ?? (gradients: 0, tangents: 0)
      let (gradients, tangents) = (Double(products.gradients), Double(products.tangents))
      seconds.training =
        steps * (shards * rates.gradient + rates.update)
        + shards * (gradients * rates.gradient + tangents * rates.tangent)
        + 2 * tangents * rates.update
      seconds.communication = sum(vectors: steps + gradients + tangents, over: choice.data)
    }
    let ranks = choice.columns * choice.data
    let own = Double((work.validationShards + ranks - 1) / ranks)
    seconds.validation = Double(work.observed) * own * rates.validation
    seconds.communication += Double(work.observed) * sum(vectors: 1, over: ranks)
    return seconds
  }

  /// One sum of some vectors over a group of consecutive ranks.
  ///
  /// For long vectors `allreduce` is a ring that passes slices from neighbour to neighbour, first
  /// to be summed, then as results: a host's cable carries one message at a time in each direction.
  /// Reproducible sums start differently: every rank sends every other rank its slice, and the
  /// ranks of a host share its cable.
  private func sum(vectors: Double, over group: Int) -> Double {
    guard group > 1 else { return 0 }
    let isLocal = hosts.isLocal(neighbours: group)
    // A ring is as slow as its slowest link.
    let hasLocal = isLocal || hosts.ranksPerNode > 1
    let slowest = max(hasLocal ? rates.local : 0, isLocal ? 0 : rates.remote)
    let latency = max(hasLocal ? rates.localLatency : 0, isLocal ? 0 : rates.remoteLatency)
    let others = Double(group - 1)
    let ring = vectors * others / Double(group) * slowest + others * latency
    guard sums == .reproducible, !isLocal else { return 2 * ring }
    let neighbours = min(group, hosts.ranksPerNode)
    let far = vectors * Double(group - neighbours) / Double(group)
    return far * rates.remote * Double(hosts.ranksPerNode) + others * latency + ring
  }
}
