/// A named configuration to start from.
package struct Preset: Sendable {
  /// The name on the command line.
  package let name: String
  /// What it is, in one line.
  package let title: String
  /// What it is for and how it differs from the paper.
  package let description: String
  /// The configuration itself; it has no conflicts.
  package let configuration: Configuration

  /// The preset as YAML with a comment for every key.
  package var yaml: String {
    let head = ["\(name): \(title)"] + description.split(separator: "\n").map(String.init)
    return head.map { "# \($0)\n" }.joined() + "\n" + configuration.yaml(comments: true)
  }

  /// All presets; the first is the default.
  package static let all = [
    glyphs, glyphsWrongLabels, lenetMNIST, lenetFashionMNIST, lenetKMNIST, wideResNetCIFAR10,
    wideResNetCIFAR100,
    wideResNetSVHN, smallWideResNetCIFAR10, reweightFashionMNISTLongTail,
    reweightFashionMNISTWrongLabels, reweightCIFAR10LongTail50,
    reweightCIFAR10LongTail100, reweightCIFAR100LongTail50,
  ]

  /// The preset of that name.
  ///
  /// - Throws: ``ConfigurationError`` with the nearest name.
  package static func named(_ name: String) throws(ConfigurationError) -> Preset {
    if let preset = all.first(where: { $0.name == name }) { return preset }
    let names = all.map(\.name)
    // A misspelt command arrives here too: whatever is no command is taken for a preset.
    let near = NearestName.of(name, among: names + ["presets", "doctor", "run"])
    let suggestion = near.map { "Did you mean \($0)?" }
    throw ConfigurationError(
      sentence: "there is no preset \"\(name)\". "
        + (suggestion ?? "The presets are \(names.joined(separator: ", "))."))
  }
}
