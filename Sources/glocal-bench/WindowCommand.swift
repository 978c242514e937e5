import ArgumentParser
import Hypergradients
import MessagePassing
import Runs
import Settings
import Tensors

/// `glocal-bench window`: times a whole window on any number of ranks, by phase.
struct WindowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "window",
    abstract: "A whole window of method glocal, under mpirun on any number of ranks.",
    discussion: """
      The shares are the root's; waiting for other ranks counts where it happens. Those of phases
      (training, validation, estimation by DMD, update) are of the fastest window; those of kinds of
      work (convolution, …) are of one more, whose operations are timed one by one.
      """)

  @Argument(help: NetworkArgument.help())
  var network = BenchedNetwork.lenet

  @Option(help: ArgumentHelp("Inner steps of a window.", valueName: "N"))
  var window = 50

  @Option(help: ArgumentHelp("How many of them are observed.", valueName: "N"))
  var observed = 20

  @Option(help: ArgumentHelp("Images of a minibatch.", valueName: "N"))
  var batch = 128

  @Option(
    help: ArgumentHelp("Images of the validation set; 6000 for lenet, else 1000.", valueName: "N"))
  var images: Int?

  @Option(help: "How products read their operands: float32 or bfloat16.")
  var compute = ComputePrecision.full

  @Option(help: ArgumentHelp("Column groups x data groups.", valueName: "CxD|auto"))
  var grid = "auto"

  @Option(
    help: ArgumentHelp("Take the fastest of N windows, after one that warms up.", valueName: "N"))
  var repeats = 3

  func validate() throws {
    try requirePositive(repeats, "--repeats")
    try options.validate()
  }

  private var options: WindowOptions {
    WindowOptions(
      network: network, compute: compute, batch: batch, window: window, observed: observed,
      images: images ?? network.validationCount, windows: repeats + 2)
  }

  func run() throws {
    // Reuses the configuration's parser for grids and its error messages.
    var reader = ConfigurationReader(over: Preset.glyphs.configuration)
    try reader.set("parallel.grid", to: grid, option: "--grid")
    let shape = try reader.checked().parallel.grid
    ProgramStart.withRanks(of: "glocal-bench") { runtime in
      useOneThread()
      let run = try TunedNetwork(options, grid: shape, world: runtime.world)
      _ = try run.timeWindow()
      var best = try run.timeWindow()
      for _ in 1..<repeats {
        let next = try run.timeWindow()
        if next.seconds < best.seconds { best = next }
      }
      let profiled = try ProfiledWork(of: run.problem, runs: 1) { _ = try run.timeWindow() }
      if runtime.world.isRoot { line(best.seconds, best.phases, profiled, run).print() }
    }
  }

  private func line(
    _ seconds: Double, _ phases: PhaseSeconds, _ profiled: ProfiledWork, _ run: TunedNetwork
  ) -> BenchLine {
    BenchLine("window").with("network", .string(network.name))
      .with("compute", .string(compute.rawValue)).with("seconds", .number(seconds))
      .with("training_share", .number(phases.training / seconds))
      .with("validation_share", .number(phases.validation / seconds))
      .with("estimation_share", .number(phases.estimation / seconds))
      .with("update_share", .number(phases.update / seconds))
      .with(profiled.members).with(KernelsAlone.member(for: profiled.profile, compute: compute))
      .with("ranks", .integer(run.world.size))
      .with("grid", .string("\(run.grid.columnGroups)x\(run.grid.dataGroups)"))
      .with("window", .integer(window)).with("observed", .integer(observed))
      .with("batch", .integer(batch)).with("images", .integer(options.images))
      .with("runs", .integer(repeats))
  }
}
