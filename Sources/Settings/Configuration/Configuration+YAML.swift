extension Configuration {
  /// The whole configuration as YAML.
  ///
  /// Reading it over any preset gives this configuration back exactly: every key is there that
  /// applies, and numbers have the fewest digits that give the same number back.
  ///
  /// - Parameter comments: whether every key is explained: what it is, what is legal, and where the
  ///   paper leaves it open.
  package func yaml(comments: Bool) -> String {
    var lines: [String] = []
    var open: [String] = []
    for setting in Self.settings {
      guard let value = setting.print(self) else { continue }
      var path = setting.key.split(separator: ".").map(String.init)
      guard let name = path.popLast() else { continue }
      let shared = zip(open, path).prefix { $0 == $1 }.count
      for depth in shared..<path.count {
        if comments, depth == 0 { lines.append("") }
        if comments {
          let key = path[...depth].joined(separator: ".")
          lines += Self.explanation(ofGroup: key, depth: depth)
        }
        lines.append(Self.indent(depth) + path[depth] + ":")
      }
      if comments, path.isEmpty { lines.append("") }
      open = path
      if comments { lines += Self.explanation(of: setting, depth: path.count) }
      lines.append(Self.indent(path.count) + "\(name): \(value)")
    }
    return lines.drop { $0.isEmpty }.joined(separator: "\n") + "\n"
  }

  private static func explanation(of setting: Setting, depth: Int) -> [String] {
    let origin = setting.source == .ours ? " Not from the paper." : ""
    let unit = setting.unit.map { " (\($0))" } ?? ""
    return comment("\(setting.comment)\(origin)", depth: depth)
      + comment("Legal: \(setting.legal)\(unit).", depth: depth)
  }

  private static func explanation(ofGroup key: String, depth: Int) -> [String] {
    groups.filter { $0.key == key }.flatMap { comment($0.comment, depth: depth) }
  }

  /// A comment in lines of at most 96 characters.
  private static func comment(_ text: String, depth: Int) -> [String] {
    let start = indent(depth) + "#"
    var lines: [String] = []
    var line = start
    for word in text.split(separator: " ") {
      if line.count + 1 + word.count > 96, line != start {
        lines.append(line)
        line = start
      }
      line += " " + word
    }
    return lines + [line]
  }

  private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }
}
