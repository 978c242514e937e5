import ArgumentParser
import Experiments

/// What to run: the options that several commands have in common.
struct ConfigurationOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Where to start from; see glocal-dist presets.", valueName: "PRESET"))
  var preset = "glyphs"

  @Option(help: ArgumentHelp("YAML over the preset.", valueName: "FILE"))
  var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A dotted key over both, repeatable.", valueName: "KEY=VALUE"))
  var assignments: [String] = []

  /// The options, without the preset, as another command would be given them.
  var words: [String] {
    (config.map { ["--config", $0] } ?? []) + assignments.flatMap { ["--set", $0] }
  }

  /// The preset, the file and the assignments: the later, the stronger.
  ///
  /// - Parameter change: what a command changes of the preset before the user does.
  func reader(
    changing change: (inout Configuration) -> Void = { _ in }
  ) throws -> ConfigurationReader {
    var configuration = try Preset.named(preset).configuration
    change(&configuration)
    var reader = ConfigurationReader(over: configuration)
    if let config { try reader.read(file: config) }
    try reader.set(assignments)
    return reader
  }
}
