import ArgumentParser
import MessagePassing
import Presentation
import Runs
import Settings

/// `glocal-dist presets [NAME]`.
struct PresetsCommand: RankCommand {
  static let configuration = CommandConfiguration(
    commandName: "presets",
    abstract: "List the presets, or print one as YAML with a comment for every key.",
    discussion: """
      EXAMPLES:
        glocal-dist presets
        glocal-dist presets glyphs > mine.yaml
      """)

  @Argument(help: ArgumentHelp("The preset to print.", valueName: "NAME"))
  var name: String?

  func run(on runtime: MessagePassingRuntime) throws {
    let preset = runtime.world.allOrNone { try name.map(Preset.named) }
    guard runtime.world.isRoot else { return }
    if let preset {
      try StandardOutput.print(preset.yaml, terminator: "")
    } else {
      let width = Preset.all.map(\.name.count).max() ?? 0
      let lines = Preset.all.map { preset in
        preset.name + String(repeating: " ", count: width - preset.name.count + 2) + preset.title
      }
      try StandardOutput.print(lines.joined(separator: "\n"))
    }
  }
}
