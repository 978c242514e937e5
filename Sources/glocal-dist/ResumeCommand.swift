import ArgumentParser
import Foundation
import MessagePassing
import Runs
import Settings

/// `glocal-dist resume RUN`.
struct ResumeCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run from its newest checkpoint, on any number of ranks.",
    discussion: """
      The results are those of a run that was never stopped, bit for bit. With more inner.steps, a
      finished run goes on as well; what it had come to stays in aside-1.

      EXAMPLES:
        glocal-dist resume runs/glyphs-20260131-235900 --ranks 4
        glocal-dist resume results --data DIR --set inner.steps=4000
        mpirun -n 8 glocal-dist resume results --data DIR
      """)

  @Argument(help: ArgumentHelp("The folder of the run.", valueName: "RUN"))
  var folder: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A key that is to change, repeatable.", valueName: "KEY=VALUE"))
  var assignments: [String] = []

  @OptionGroup var data: DataOption

  @OptionGroup var execution: ExecutionOptions

  @Flag(help: GoingOn.forceHelp)
  var force = false

  var wantedRanks: Int? { execution.ranks }

  func run(on runtime: MessagePassingRuntime) throws {
    let world = runtime.world
    // The folder need not be on a file system shared by all hosts.
    let text = world.onRoot { try RunFolder.configurationText(of: folder) }
    let yaml = world.broadcast(text: text ?? "")
    let configuration = world.allOrNone {
      let configuration = try changedConfiguration(yaml)
      try startRanks(configuration, nil, on: runtime) {
        try LaunchCheck.run(configuration, ranks: $0)
      }
      return configuration
    }
    try ExperimentRunner.run(
      configuration: configuration,
      options: RunOptions(
        data: data.folder(ProcessInfo.processInfo.environment), output: folder,
        start: .resume(force: force), quiet: execution.quiet, preset: "resume",
        messagePassing: runtime.facts.library),
      world: world)
  }

  /// The run's configuration, the assignments, and the options that correspond to keys.
  private func changedConfiguration(_ yaml: String) throws -> Configuration {
    var reader = ConfigurationReader(over: Configuration())
    try reader.read(yaml: yaml, name: "\(folder)/config.yaml")
    // A grid is specific to the number of ranks it was made for.
    try reader.set("parallel.grid", to: execution.grid ?? "auto", option: "--grid")
    try reader.set(assignments)
    return try reader.checked()
  }
}
