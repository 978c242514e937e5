import Differentiation
import Hypergradients
import MessagePassing
import Networks
import Settings
import Tensors

/// The estimated cost of a run on a cluster, for every grid and mode.
package struct Plan: Sendable {
  /// The cluster to plan for.
  package struct Cluster: Equatable, Sendable {
    /// The number of hosts.
    package var nodes: Int
    /// Ranks per host.
    package var ranksPerNode: Int
    /// Bytes per second between two hosts.
    package var bandwidth: Double
    /// The latency between two hosts, in seconds.
    package var latency: Double
    /// Bytes per host; nil: unlimited.
    package var memory: Int?

    /// Creates a cluster.
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
    /// The duration of a window, on the busiest rank.
    package let seconds: WindowModel.Seconds
    /// Bytes per rank.
    package let memory: Int
    /// The speed-up over the best mode on one rank, per rank.
    package let efficiency: Double
    /// Bytes that a rank sends per sum of gradients.
    package let bytesPerSum: Int
    /// Whether the hosts have enough memory.
    package let fits: Bool
  }

  /// All possible grids and modes, fastest first.
  package let entries: [Entry]
  /// The cluster.
  package let cluster: Cluster
  /// The measured rates.
  package let rates: ComputeRates
  /// The number of windows in the run.
  package let windows: Int
  /// q.
  package let hyperparameters: Int

  /// Makes a plan; if no rates are given, measures this machine for a few seconds.
  ///
  /// - Throws: `RunError` if no grid gives every rank work, the configured one has another number
  ///   of ranks, or the rates are those of another network.
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

  /// The bytes that a rank sends when a group sums vectors: each vector once for summing, once as a
  /// result.
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
