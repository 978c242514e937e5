import Yams

/// The keys and scalars of one source (a file, or one `--set`), before they are applied.
///
/// Everything about the form is checked here: that it is YAML, that mappings are where mappings
/// belong, that every key exists and none stands twice.
struct ConfigurationLayer {
  /// One key with its scalar and the place where it was written.
  struct Entry {
    let key: String
    let scalar: YAMLScalar
    let place: String
  }

  private(set) var entries: [Entry] = []

  /// Reads a YAML document, which must be a mapping, if only `{}`.
  ///
  /// - Parameter name: how errors call the document: the file's path.
  init(yaml: String, name: String) throws(ConfigurationError) {
    guard let root = try Self.compose(yaml, place: { "\(name):\($0)" }), !Self.isNull(root) else {
      // Far more often a file that could not be written than a wish for the defaults.
      throw ConfigurationError(
        place: name,
        sentence: "holds no key. Write one, or {} for a configuration that changes nothing.")
    }
    try add(root, under: "") { mark in mark.map { "\(name):\($0.line)" } ?? name }
  }

  /// Reads `KEY=VALUE` as `--set` takes it: a dotted key, and a YAML scalar or flow mapping.
  ///
  /// - Parameter place: how errors call it; nil: the `--set`.
  init(assignment: String, place: String? = nil) throws(ConfigurationError) {
    let place = place ?? "--set \(assignment)"
    let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw ConfigurationError(
        place: place, sentence: "must be KEY=VALUE, for example --set inner.steps=2000.")
    }
    let key = String(parts[0])
    let value = String(parts[1])
    if let setting = Configuration.settingsByKey[key], setting.isText,
      !"\"'".contains(value.prefix(1))
    {
      // A path keeps its characters, whatever YAML would make of them.
      let scalar = YAMLScalar(Node.Scalar(value))
      entries = [Entry(key: key, scalar: scalar, place: place)]
      return
    }
    let node = try Self.compose(value, place: { _ in place }) ?? Node("", Tag(.null), .plain)
    try add(node, at: key, place: place) { _ in place }
  }

  private typealias Place = (Mark?) -> String

  private mutating func add(
    _ node: Node, under parent: String, place: Place
  ) throws(ConfigurationError) {
    guard case .mapping(let mapping) = node else {
      throw ConfigurationError(
        place: place(node.mark), key: parent.isEmpty ? nil : parent,
        sentence: Self.mappingNeeded(at: parent, found: node))
    }
    for (keyNode, value) in mapping {
      guard case .scalar(let name) = keyNode else {
        throw ConfigurationError(
          place: place(keyNode.mark), key: parent.isEmpty ? nil : parent,
          sentence: "holds a key that is not a word.")
      }
      if name.string.contains(".") {
        throw ConfigurationError(
          place: place(name.mark), key: name.string,
          sentence: "is a dotted key, which is for --set: in a file, write a nested mapping.")
      }
      let key = parent.isEmpty ? name.string : "\(parent).\(name.string)"
      try add(value, at: key, place: place(keyNode.mark), places: place)
    }
  }

  private mutating func add(
    _ node: Node, at key: String, place: String, places: Place
  ) throws(ConfigurationError) {
    if Configuration.groupKeys.contains(key) {
      try add(node, under: key, place: places)
    } else if let setting = Configuration.settingsByKey[key] {
      if setting.takesLists, case .sequence = node, let text = Self.listText(node) {
        entries.append(Entry(key: key, scalar: .plain(text), place: place))
        return
      }
      guard case .scalar(let scalar) = node else {
        throw ConfigurationError(
          place: place, key: key, sentence: "must be \(setting.legal), not \(Self.kind(of: node)).")
      }
      entries.append(Entry(key: key, scalar: YAMLScalar(scalar), place: place))
    } else {
      throw ConfigurationError(place: place, key: key, sentence: Self.unknown(key))
    }
  }

  /// A list of scalars or of such lists as it would be written in one line.
  private static func listText(_ node: Node, depth: Int = 0) -> String? {
    switch node {
    case .scalar(let scalar): return scalar.string
    case .sequence(let sequence):
      // Deeper lists are none of ours, and could be of any depth.
      guard depth < 2, sequence.count <= 100_000 else { return nil }
      var parts: [String] = []
      for element in sequence {
        guard let part = listText(element, depth: depth + 1) else { return nil }
        parts.append(part)
      }
      return "[\(parts.joined(separator: ", "))]"
    default: return nil
    }
  }

  private static func unknown(_ key: String) -> String {
    let known = Configuration.groups.map(\.key) + Configuration.settings.map(\.key)
    if let near = KeySynonym.of(key) ?? NearestName.ofKey(key, among: known) {
      return "unknown key. Did you mean \(near)?"
    }
    var parent = key.split(separator: ".").dropLast().joined(separator: ".")
    if !Configuration.groupKeys.contains(parent) { parent = "" }
    let place = parent.isEmpty ? "at the top" : "of \(parent)"
    return "unknown key. The keys \(place) are \(children(of: parent).joined(separator: ", "))."
  }

  private static func mappingNeeded(at key: String, found node: Node) -> String {
    let names = children(of: key).joined(separator: ", ")
    guard !key.isEmpty else {
      return "a configuration is a mapping of keys to values, not \(kind(of: node))."
    }
    let remedy =
      isNull(node)
      ? " Leave the key out to keep its defaults."
      : KeySynonym.main(of: key).map { " Did you mean \($0)?" } ?? ""
    return "must be a mapping of \(names), not \(kind(of: node)).\(remedy)"
  }

  /// The names directly below a mapping, in the order of the settings.
  private static func children(of parent: String) -> [String] {
    var names: [String] = []
    for key in Configuration.settings.map(\.key) {
      let rest: Substring
      if parent.isEmpty {
        rest = key[...]
      } else if key.hasPrefix(parent + ".") {
        rest = key.dropFirst(parent.count + 1)
      } else {
        continue
      }
      let name = rest.prefix { $0 != "." }
      if names.last != String(name) { names.append(String(name)) }
    }
    return names
  }

  private static func isNull(_ node: Node) -> Bool {
    if case .scalar(let scalar) = node { YAMLScalar(scalar) == .null } else { false }
  }

  private static func kind(of node: Node) -> String {
    switch node {
    case .scalar(let scalar): YAMLScalar(scalar).description
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }

  private static func compose(
    _ text: String, place: (Int) -> String
  ) throws(ConfigurationError) -> Node? {
    if let fault = YAMLForm.fault(in: text) {
      throw ConfigurationError(place: place(fault.line), sentence: fault.sentence)
    }
    do {
      return try Yams.compose(yaml: text)
    } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
      throw ConfigurationError(
        place: place(context.mark.line), key: duplicates.joined(separator: ", "),
        sentence: "stands more than once in the same mapping. Keep one of them.")
    } catch YamlError.scanner(_, let problem, let mark, _),
      YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _)
    {
      throw ConfigurationError(
        place: place(mark.line), sentence: "is not YAML at column \(mark.column): \(problem).")
    } catch YamlError.reader(let problem, _, _, _) {
      throw ConfigurationError(place: place(1), sentence: "is not YAML: \(problem).")
    } catch {
      throw ConfigurationError(place: place(1), sentence: "is not YAML: \(error).")
    }
  }
}
