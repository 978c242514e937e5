import ArgumentParser
import Experiments
import Hypergradients
import MessagePassing

/// `glocal-bench window`: a whole window on any number of ranks, and where its time goes.
struct WindowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "window",
    abstract: "A whole window of method glocal on LeNet, under mpirun on any number of ranks.",
    discussion: "The shares are the root's; waiting for other ranks counts where it happens.")

  @Option(help: ArgumentHelp("Inner steps of a window.", valueName: "N"))
  var window = 50

  @Option(help: ArgumentHelp("How many of them are observed.", valueName: "N"))
  var observed = 20

  @Option(help: ArgumentHelp("Images of a minibatch.", valueName: "N"))
  var batch = 128

  @Option(help: ArgumentHelp("Images of the validation set.", valueName: "N"))
  var images = 6000

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
      batch: batch, window: window, observed: observed, images: images, windows: repeats + 1)
  }

  func run() throws {
    // The configuration knows how a grid is written, and what to say about a wrong one.
    var reader = ConfigurationReader(over: Preset.glyphs.configuration)
    try reader.set("parallel.grid", to: grid, option: "--grid")
    let shape = try reader.checked().parallel.grid
    withMessagePassing { runtime in
      useOneThread()
      let run = try TunedLeNet(options, grid: shape, world: runtime.world)
      _ = try run.timeWindow()
      var best = try run.timeWindow()
      for _ in 1..<repeats {
        let next = try run.timeWindow()
        if next.seconds < best.seconds { best = next }
      }
      if runtime.world.isRoot { line(best.seconds, best.phases, run).print() }
    }
  }

  private func line(_ seconds: Double, _ phases: PhaseSeconds, _ run: TunedLeNet) -> BenchLine {
    BenchLine("window").with("seconds", .number(seconds))
      .with("training_share", .number(phases.training / seconds))
      .with("validation_share", .number(phases.validation / seconds))
      .with("estimation_share", .number(phases.estimation / seconds))
      .with("update_share", .number(phases.update / seconds))
      .with("ranks", .integer(run.world.size))
      .with("grid", .string("\(run.grid.columnGroups)x\(run.grid.dataGroups)"))
      .with("window", .integer(window)).with("observed", .integer(observed))
      .with("batch", .integer(batch)).with("images", .integer(images))
      .with("runs", .integer(repeats))
  }
}
