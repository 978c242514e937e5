import ArgumentParser
import MessagePassing
import Presentation
import Runs
import Settings

/// `glocal-dist plan PRESET`.
struct PlanCommand: RankCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say what a run would take on a cluster, for every grid and mode.",
    discussion: """
      Measures this machine for a few seconds; needs neither MPI nor data. Run it on a node like those
      of the cluster, or measure there once and plan anywhere with --rates.

      EXAMPLES:
        glocal-dist plan reweight-cifar10-lt50 --nodes 4 --ranks-per-node 32
        glocal-dist plan wrn-28-2-cifar10 --nodes 2 --ranks-per-node 16 --network 12.5,2 --memory 128
        glocal-dist plan wrn-28-2-cifar10 --json > rates.json
        glocal-dist plan wrn-28-2-cifar10 --rates rates.json --nodes 8 --ranks-per-node 32
      """)

  @OptionGroup var choice: ConfigurationOptions

  @Option(help: ArgumentHelp("Hosts.", valueName: "N"))
  var nodes = 1

  @Option(help: ArgumentHelp("Ranks on each host, usually its cores.", valueName: "R"))
  var ranksPerNode = 1

  @Option(
    help: ArgumentHelp(
      "Gigabytes a second between two hosts, and microseconds of latency.",
      valueName: "GBps,us"))
  var network = "1.25,30"

  @Option(help: ArgumentHelp("Gigabytes of memory of a host.", valueName: "GB"))
  var memory: Double?

  @Option(
    help: ArgumentHelp(
      "Measure nothing: what a core takes is in FILE, written by plan --json.", valueName: "FILE"))
  var rates: String?

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    try OptionRange.check(nodes, "--nodes", 1...Configuration.Parallel.mostRanks)
    try OptionRange.check(ranksPerNode, "--ranks-per-node", 1...Configuration.Parallel.mostRanks)
    if nodes * ranksPerNode > Configuration.Parallel.mostRanks {
      throw ValidationError(
        "--nodes \(nodes) times --ranks-per-node \(ranksPerNode) are \(nodes * ranksPerNode) ranks: "
          + "take at most \(Configuration.Parallel.mostRanks).")
    }
    try OptionRange.check(memory, "--memory", above0UpTo: Self.mostGigabytes)
    _ = try link()
  }

  func run(on runtime: MessagePassingRuntime) throws {
    try onRoot(of: runtime) {
      let link = try link()
      let plan = try Plan(
        try choice.reader(with: choice.config.map { try ConfigurationText($0) }).checked(),
        on: Plan.Cluster(
          nodes: nodes, ranksPerNode: ranksPerNode, bandwidth: link.bandwidth,
          latency: link.latency, memory: memory.map { Int($0 * 1e9) }),
        rates: try rates.map { try ComputeRates(file: $0) })
      let table = plan.table(preset: choice.preset, options: choice.words)
      try StandardOutput.print(json ? plan.json : table.joined(separator: "\n"))
    }
  }

  /// One petabyte.
  private static let mostGigabytes = 1e6

  private func link() throws -> (bandwidth: Double, latency: Double) {
    let parts = network.split(separator: ",").map { Double($0) }
    guard parts.count == 2, let gigabytes = parts[0], let microseconds = parts[1],
      (1e-6...Self.mostGigabytes).contains(gigabytes), (0...1e9).contains(microseconds)
    else {
      throw ValidationError(
        "--network is two numbers, gigabytes a second (from 0.000001 to 1000000) and microseconds "
          + "(from 0 to 1000000000), such as 12.5,2; not \(network).")
    }
    return (gigabytes * 1e9, microseconds * 1e-6)
  }
}
