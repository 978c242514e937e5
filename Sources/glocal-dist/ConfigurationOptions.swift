import ArgumentParser
import Foundation
import MessagePassing
import Runs
import Settings

/// The configuration options that several commands share.
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
  /// Only the root reads it: a pipe can be read only once, and the other ranks have no standard
  /// input.
  func configurationText(on world: any Communicator) -> ConfigurationText? {
    guard let config else { return nil }
    let read = world.onRoot { try ConfigurationText(config) }
    return ConfigurationText(
      name: world.broadcast(text: read?.name ?? ""), yaml: world.broadcast(text: read?.yaml ?? ""),
      isFile: world.broadcast(Int32(read?.isFile == true ? 1 : 0)) == 1)
  }

  /// The options without the preset, as arguments for another command.
  var words: [String] {
    (config.map { ["--config", $0] } ?? []) + assignments.flatMap { ["--set", $0] }
  }

  /// The preset, the file and the assignments; later ones take precedence.
  ///
  /// - Parameters:
  ///   - text: the text of `--config`, if it has been read.
  ///   - change: a command's own changes to the preset, applied before the user's.
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
  /// Tells the user about deprecated names that still work; printed by the first rank.
  func sayNotes() {
    guard LaunchEnvironment.ofThisProcess.rank == 0 else { return }
    for note in notes { FileHandle.standardError.write(Data("note: \(note)\n".utf8)) }
  }
}
