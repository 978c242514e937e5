/// Names of tensors, or patterns of them with `*` and `?`, as a configuration lists them.
package struct NamePatterns: Equatable, Sendable {
  /// The names and patterns.
  package var patterns: [String] = []

  /// Names and patterns; none by default.
  package init(_ patterns: [String] = []) { self.patterns = patterns }
}

extension NamePatterns: SettingValue {
  static var kind: String {
    "a list of names, in which * and ? stand for any characters and any one, such as [\"*.bias\", head.*]"
  }
  // In YAML a * that no quotes stand round is an alias, which nobody means here.
  static var isText: Bool { true }
  static var takesLists: Bool { true }

  static func read(_ scalar: YAMLScalar) -> NamePatterns? {
    guard let text = scalar.text else { return nil }
    var inside = Substring(text)
    if inside.hasPrefix("["), inside.hasSuffix("]") { inside = inside.dropFirst().dropLast() }
    inside = trimmed(inside)
    guard !inside.isEmpty else { return text.hasPrefix("[") ? NamePatterns() : nil }
    var patterns: [String] = []
    for part in inside.split(separator: ",", omittingEmptySubsequences: false) {
      var name = trimmed(part)
      for quote in ["\"", "'"]
      where name.count > 1 && name.hasPrefix(quote) && name.hasSuffix(quote) {
        name = name.dropFirst().dropLast()
      }
      guard !name.isEmpty, !name.contains("["), !name.contains("]") else { return nil }
      patterns.append(String(name))
    }
    return NamePatterns(patterns)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  package var printed: String {
    "[\(patterns.map(YAMLScalar.quoted).joined(separator: ", "))]"
  }
}
