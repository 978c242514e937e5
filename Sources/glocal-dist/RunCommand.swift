import ArgumentParser
import Foundation
import MessagePassing
import Runs
import Settings

/// `glocal-dist [run] [PRESET]`.
struct RunCommand: TrainingCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train and tune: a preset, changed by a YAML file, changed by --set.",
    discussion: """
      EXAMPLES:
        glocal-dist run glyphs --ranks 8
        glocal-dist lenet-mnist --data DIR --set seed=1 --set inner.batch=64
        glocal-dist run --config mine.yaml --output results --precision double
        make-config | glocal-dist run --config -
        mpirun -n 8 glocal-dist run lenet-mnist --grid 2x4
        glocal-dist run lenet-mnist --output results --resume

      The keys of --set and of the YAML file: glocal-dist presets NAME
      """)

  @OptionGroup var choice: ConfigurationOptions

  @OptionGroup var data: DataOption

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Folder for the results; must not hold a run.", valueName: "DIR"))
  var output: String?

  @OptionGroup var execution: ExecutionOptions

  @Option(
    help: ArgumentHelp("Type of the training (precision).", valueName: "float|double"))
  var precision: String?

  @Flag(help: "Go on with the run in --output, if it holds one already.")
  var resume = false

  @Flag(help: GoingOn.forceHelp)
  var force = false

  func validate() throws {
    if resume, output == nil {
      throw ValidationError("--resume needs --output: the folder of the run to go on with.")
    }
    if force, !resume { throw ValidationError("--force goes with --resume.") }
  }

  var wantedRanks: Int? { execution.ranks }

  func run(on runtime: MessagePassingRuntime) throws {
    let world = runtime.world
    let text = choice.configurationText(on: world)
    let configuration = world.allOrNone {
      let configuration = try resolvedConfiguration(text)
      try startRanks(configuration, text, on: runtime) {
        try LaunchCheck.run(configuration, ranks: $0)
      }
      return configuration
    }
    try ExperimentRunner.run(
      configuration: configuration,
      options: RunOptions(
        data: data.folder(ProcessInfo.processInfo.environment), output: output,
        start: resume ? .resumeIfThere(force: force) : .new, quiet: execution.quiet,
        preset: choice.preset,
        messagePassing: runtime.facts.library),
      world: world)
  }

  /// The preset, file and assignments, overridden by the options that correspond to keys.
  private func resolvedConfiguration(_ text: ConfigurationText?) throws -> Configuration {
    var reader = try choice.reader(with: text)
    try execution.set(&reader)
    if let precision { try reader.set("precision", to: precision, option: "--precision") }
    return try reader.checked()
  }
}
