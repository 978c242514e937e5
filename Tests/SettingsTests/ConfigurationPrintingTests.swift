import TestSupport
import Testing

@testable import Settings

@Suite("Printing a configuration")
struct ConfigurationPrintingTests {
  @Test("a preset reads back from its YAML", arguments: Preset.all.map(\.name))
  func readsPresetsBack(name: String) throws {
    let preset = try Preset.named(name)
    #expect(try configuration(yaml: preset.yaml) == preset.configuration)
    let plain = preset.configuration.yaml(comments: false)
    #expect(try configuration(yaml: plain) == preset.configuration)
    #expect(!plain.contains("#"))
  }

  @Test("any configuration reads back exactly", arguments: 0..<200)
  func readsBack(seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    let random = Configuration.random(using: &generator)
    let text = random.yaml(comments: seed % 2 == 0)
    var reader = ConfigurationReader(over: Preset.lenetKMNIST.configuration)
    try reader.read(yaml: text, name: "seed \(seed)")
    #expect(try reader.checked() == random, "seed \(seed)")
    #expect(try reader.checked().yaml(comments: seed % 2 == 0) == text, "seed \(seed)")
  }

  @Test("every key has a comment and says what is legal")
  func comments() {
    let lines = Preset.glyphs.configuration.yaml(comments: true).split(separator: "\n")
    for (line, before) in zip(lines.dropFirst(), lines) where !line.contains("#") {
      #expect(before.contains("# "), "no comment above \(line)")
      #expect(line.hasSuffix(":") || before.contains("."), "no end above \(line)")
    }
    #expect(lines.allSatisfy { $0.count <= 100 })
  }

  @Test(
    "what the paper leaves open is said to be so",
    arguments: [
      "window.observed", "window.carry", "dmd.rank", "dmd.tolerance", "dmd.modes", "dmd.amplitudes",
      "outer.learning-rate",
    ])
  func namesOurChoices(key: String) {
    let setting = Configuration.settingsByKey[key]
    #expect(setting?.source == .ours)
    let words = "\(setting?.comment ?? "") Not from the paper."
    let text = Configuration().yaml(comments: true)
    // Long comments are broken into lines.
    let joined = text.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "#" } }
      .joined(separator: " ")
    #expect(joined.contains(words))
  }

  @Test("keys of the other optimizer are left out")
  func leavesOut() throws {
    let sgd = try configuration().yaml(comments: false)
    #expect(sgd.contains("\n  momentum:\n") && !sgd.contains("\n  beta1:\n"))
    let adam = try configuration(["inner.optimizer=adam"]).yaml(comments: false)
    #expect(adam.contains("\n  beta1:\n") && !adam.contains("\n  momentum:\n"))
  }

  @Test("numbers have the fewest digits, in a form that every YAML reader takes for numbers")
  func numbers() {
    let expected: [(Double, String)] = [
      (0, "0"), (1, "1"), (-2, "-2"), (0.1, "0.1"), (1e-8, "1.0e-08"), (1.5e-8, "1.5e-08"),
      (1e300, "1.0e+300"), (0.1 + 0.2, "0.30000000000000004"), (1e6, "1000000"),
    ]
    for (number, text) in expected { #expect(number.printed == text) }
  }

  @Test(
    "texts are quoted where YAML would take them for something else",
    arguments: [
      ("runs/a.safetensors", "runs/a.safetensors"), ("null", "\"null\""), ("", "\"\""),
      ("12", "\"12\""), ("a: b", "\"a: b\""), (" a", "\" a\""), ("a\nb", "\"a\\nb\""),
      ("\"", "\"\\\"\""), ("é", "\"é\""), ("a #b", "\"a #b\""), ("no", "\"no\""),
    ])
  func texts(text: String, printed: String) {
    #expect(YAMLScalar.printed(text) == printed)
  }
}
