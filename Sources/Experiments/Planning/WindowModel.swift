import Hypergradients

/// How long a window takes on a grid, from the rates of a machine: what `plan` prints and what
/// `--grid auto` and `mode: auto` choose by.
///
/// A rank of a grid C × D works on ⌈S/D⌉ of the S shards and on ⌈q/C⌉ columns, or on the adjoints of
/// every C-th observed step. Gradient vectors are summed over the D ranks of a data group as reduce-
/// scatter and allgather; validation gradients over all ranks.
public struct WindowModel: Sendable {
  let work: WindowWork
  let rates: MachineRates
  let hosts: HostLayout

  /// Seconds of a window by what they go to, on the busiest rank.
  public struct Seconds: Equatable, Sendable {
    /// Inner steps, all columns or adjoints included.
    public var training = 0.0
    /// Validation gradients.
    public var validation = 0.0
    /// Sums over ranks, in both.
    public var communication = 0.0

    /// All of it.
    public var total: Double { training + validation + communication }
  }

  /// A model of some work on a machine.
  public init(_ work: WindowWork, _ rates: MachineRates, hosts: HostLayout) {
    self.work = work
    self.rates = rates
    self.hosts = hosts
  }

  /// A window on a grid.
  public func seconds(_ choice: GridChoice) -> Seconds {
    let shards = Double((work.shards + choice.data - 1) / choice.data)
    let steps = Double(work.steps)
    var seconds = Seconds()
    switch choice.mode {
    case .forward:
      let columns = Double((work.hyperparameters + choice.columns - 1) / choice.columns)
      seconds.training =
        steps * (shards * (rates.gradient + columns * rates.tangent) + (1 + columns) * rates.update)
      seconds.communication = steps * sum(vectors: 1 + columns, over: choice.data, all: choice)
    case .reverse:
      let lanes = stride(
        from: work.steps, to: work.steps - work.observed, by: -choice.columns
      ).map { $0 }
      let tangents = Double(lanes.reduce(0, +))
      let sweeps = work.recomputes ? 3.0 : 2.0
      seconds.training =
        sweeps * steps * (shards * rates.gradient + rates.update)
        + tangents * (shards * rates.tangent + 2 * rates.update)
      let once = sum(vectors: 1, over: choice.data, all: choice)
      let back = sum(vectors: 1 + Double(lanes.count), over: choice.data, all: choice)
      seconds.communication = steps * ((sweeps - 1) * once + back)
    }
    let ranks = choice.columns * choice.data
    let own = Double((work.validationShards + ranks - 1) / ranks)
    seconds.validation = Double(work.observed) * own * rates.validation
    seconds.communication += Double(work.observed) * sum(vectors: 1, over: ranks, all: choice)
    return seconds
  }

  /// One sum of some vectors over a group of neighbouring ranks.
  ///
  /// Every other group of the grid sums at the same time, and the ranks of a host share its network.
  private func sum(vectors: Double, over group: Int, all choice: GridChoice) -> Double {
    guard group > 1 else { return 0 }
    let isLocal = hosts.isLocal(neighbours: group)
    let sharing = isLocal ? 1 : Double(min(hosts.ranksPerNode, choice.columns * choice.data))
    let vector = isLocal ? rates.local : rates.remote * sharing
    let latency = isLocal ? rates.localLatency : rates.remoteLatency
    let others = Double(group - 1)
    return 2 * (vectors * vector * others / Double(group) + others * latency)
  }
}
