import Differentiation
import Hypergradients
import MessagePassing
import Networks
import Settings
import Tensors

/// What a run would take on a cluster, for every grid and mode.
package struct Plan: Sendable {
  /// The cluster that is asked about.
  package struct Cluster: Equatable, Sendable {
    /// Hosts.
    package var nodes: Int
    /// Ranks on each.
    package var ranksPerNode: Int
    /// Bytes a second between two hosts.
    package var bandwidth: Double
    /// Seconds.
    package var latency: Double
    /// Bytes of a host; nil: as much as it takes.
    package var memory: Int?

    /// A cluster.
    package init(
      nodes: Int, ranksPerNode: Int, bandwidth: Double, latency: Double, memory: Int? = nil
    ) {
      self.nodes = nodes
      self.ranksPerNode = ranksPerNode
      self.bandwidth = bandwidth
      self.latency = latency
      self.memory = memory
    }
  }

  /// One grid with one mode.
  package struct Entry: Sendable {
    /// The grid and the mode.
    package let choice: GridChoice
    /// Of a window, on the busiest rank.
    package let seconds: WindowModel.Seconds
    /// Bytes of a rank.
    package let memory: Int
    /// The speed-up over the best mode on one rank, per rank.
    package let efficiency: Double
    /// Bytes that a rank sends in one sum of gradients.
    package let bytesPerSum: Int
    /// Whether the hosts have that much memory.
    package let fits: Bool
  }

  /// All that is possible, the fastest first.
  package let entries: [Entry]
  /// The cluster.
  package let cluster: Cluster
  /// What was measured.
  package let rates: ComputeRates
  /// Windows of the run.
  package let windows: Int
  /// q.
  package let hyperparameters: Int

  /// Plans, after measuring this machine for a few seconds where rates are not given.
  ///
  /// - Throws: `RunError` where no grid gives every rank something to do, where the configured one has
  ///   another number of ranks, or where the rates are those of another network.
  package init(
    _ configuration: Configuration, on cluster: Cluster, rates: ComputeRates? = nil
  ) throws {
    BLASLibrary.threads = configuration.parallel.threads
    ConvolutionLibrary.setThreads(configuration.parallel.threads)
    try ExperimentRunner.claimLibraryMemory()
    switch configuration.precision {
    case .float: try self.init(configuration, cluster, rates, as: Float.self)
    case .double: try self.init(configuration, cluster, rates, as: Double.self)
    }
  }

  /// What a rank sends of some bytes when a group adds them up: once to be added, once as a sum.
  private static func bytesPerSum(_ bytes: Double, _ group: Int) -> Int {
    let sent = 2 * bytes * Double(group - 1) / Double(group)
    return sent < Double(1 << 60) ? Int(sent) : 1 << 60
  }

  private init<Number: Scalar & MessageElement>(
    _ configuration: Configuration, _ cluster: Cluster, _ known: ComputeRates?, as: Number.Type
  ) throws {
    let expected = try ExpectedData(configuration)
    let network = expected.network
    let parameterCount = network.parameters.count
    let work = expected.work(configuration)
    let ranks = cluster.nodes * cluster.ranksPerNode
    _ = try RankCount.agreed(asked: ranks, launched: nil, grid: configuration.parallel.grid)
    let choices = GridChoice.possible(configuration.parallel.grid, ranks: ranks, work: work)
    if choices.isEmpty {
      _ = try GridChoice.choose(configuration.parallel.grid, ranks: ranks, work: work)
    }
    let calibration = Calibration<Number>(configuration, network)
    let rates = try known ?? calibration.measured()
    try rates.require(parameterCount: parameterCount, shard: configuration.parallel.shard)
    let vector = Jet<Number>.stride(count: parameterCount) * MemoryLayout<Number>.stride
    let machine = MachineRates(
      rates, vector: Double(vector), bandwidth: cluster.bandwidth, latency: cluster.latency)
    let memory = MemoryModel(
      parameterCount: parameterCount, numberSize: MemoryLayout<Number>.stride,
      stateCount: configuration.inner.optimizer.optimizer.stateCount,
      arenaBytes: calibration.arenaBytes, imageBytes: configuration.data.set.known?.imageBytes ?? 0,
      work: work, plan: configuration.trajectoryPlan(parameterCount: parameterCount),
      sums: configuration.parallel.sums == .reproducible ? .tree : .running)
    let model = WindowModel(
      work, machine, hosts: HostLayout(ranksPerNode: cluster.ranksPerNode),
      sums: configuration.parallel.sums)
    let alone = WindowModel(work, machine, hosts: HostLayout(ranksPerNode: 1))
    let single =
      work.modes.map { alone.seconds(GridChoice(columns: 1, data: 1, mode: $0)).total }.min() ?? 0
    entries = choices.map { choice in
      let seconds = model.seconds(choice)
      let bytes = memory.bytes(choice)
      let vectors = 1 + work.tangents(choice)
      return Entry(
        choice: choice, seconds: seconds, memory: bytes,
        efficiency: single / (seconds.total * Double(ranks)),
        bytesPerSum: Self.bytesPerSum(
          Double(vectors) * Double(parameterCount * MemoryLayout<Number>.stride), choice.data),
        fits: cluster.memory.map { Double(bytes) * Double(cluster.ranksPerNode) <= Double($0) }
          ?? true)
    }.sorted {
      $0.fits != $1.fits ? $0.fits : $0.seconds.total < $1.seconds.total
    }
    self.cluster = cluster
    self.rates = rates
    windows = configuration.windowCount
    hyperparameters = work.hyperparameters
  }
}
