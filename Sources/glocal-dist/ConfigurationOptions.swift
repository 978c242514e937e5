import ArgumentParser
import Foundation
import MessagePassing
import Runs
import Settings

/// What to run: the options that several commands have in common.
struct ConfigurationOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Where to start from; see glocal-dist presets.", valueName: "PRESET"))
  var preset = "glyphs"

  @Option(help: ArgumentHelp("YAML over the preset; - is standard input.", valueName: "FILE"))
  var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A dotted key over both, repeatable.", valueName: "KEY=VALUE"))
  var assignments: [String] = []

  /// The text of `--config`; a collective.
  ///
  /// The root alone reads it: a pipe can be read only once, and the other ranks have no standard input.
  func configurationText(on world: any Communicator) -> ConfigurationText? {
    guard let config else { return nil }
    let read = world.onRoot { try ConfigurationText(config) }
    return ConfigurationText(
      name: world.broadcast(text: read?.name ?? ""), yaml: world.broadcast(text: read?.yaml ?? ""),
      isFile: world.broadcast(Int32(read?.isFile == true ? 1 : 0)) == 1)
  }

  /// The options, without the preset, as another command would be given them.
  var words: [String] {
    (config.map { ["--config", $0] } ?? []) + assignments.flatMap { ["--set", $0] }
  }

  /// The preset, the file and the assignments: the later, the stronger.
  ///
  /// - Parameters:
  ///   - text: that of `--config`, once it has been read.
  ///   - change: what a command changes of the preset before the user does.
  func reader(
    with text: ConfigurationText?, changing change: (inout Configuration) -> Void = { _ in }
  ) throws -> ConfigurationReader {
    var configuration = try Preset.named(preset).configuration
    change(&configuration)
    var reader = ConfigurationReader(over: configuration)
    if let text { try reader.read(yaml: text.yaml, name: text.name) }
    try reader.set(assignments)
    reader.sayNotes()
    return reader
  }
}

extension ConfigurationReader {
  /// Tells the user of older names that still work; of several ranks the first one does.
  func sayNotes() {
    guard LaunchEnvironment.ofThisProcess.rank == 0 else { return }
    for note in notes { FileHandle.standardError.write(Data("note: \(note)\n".utf8)) }
  }
}
