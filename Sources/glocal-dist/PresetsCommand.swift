import ArgumentParser
import Experiments

/// `glocal-dist presets [NAME]`.
struct PresetsCommand: ParsableCommand {
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

  func run() throws {
    if let name {
      let preset = try Preset.named(name)
      Ending.printOnRoot(preset.yaml, terminator: "")
    } else {
      let width = Preset.all.map(\.name.count).max() ?? 0
      for preset in Preset.all {
        let gap = String(repeating: " ", count: width - preset.name.count + 2)
        Ending.printOnRoot(preset.name + gap + preset.title)
      }
    }
  }
}
