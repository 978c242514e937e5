/// One key of the configuration, declared once.
///
/// From this declaration come the YAML reader, `--set`, the check of the value, the printed YAML
/// with its comments, and the suggestion for a misspelt key. The type is the property's; the
/// default is what `Configuration()` holds.
package struct Setting: Sendable {
  /// Where a default comes from.
  enum Source: Sendable {
    /// The paper's number or choice (arXiv 2402.02741).
    case paper
    /// The paper's text does not give it.
    case ours
    /// Not a matter of the method.
    case plain
  }

  /// The dotted key.
  package let key: String
  /// What it is, for a reader of the YAML.
  let comment: String
  /// What it is counted in, if anything.
  let unit: String?
  /// What is legal, ready to follow "must be".
  let legal: String
  let source: Source
  /// The names of the legal values where they can be counted.
  let choices: [String]
  /// Whether `--set` takes the characters after `=` as they are.
  let isText: Bool
  /// Whether a list of YAML is taken, as the text that it is written as.
  let takesLists: Bool
  /// Puts a scalar into the configuration; a sentence when it is not legal.
  let read: @Sendable (YAMLScalar, inout Configuration) -> String?
  /// What a value that is an older name is called now, as the rest of a sentence; nil for all others.
  let newerName: @Sendable (YAMLScalar) -> String?
  /// The value as a YAML scalar; nothing where the key does not apply.
  package let print: @Sendable (Configuration) -> String?

  /// A key that is a property of the configuration.
  init<Value: SettingValue>(
    _ key: String, _ property: WritableKeyPath<Configuration, Value> & Sendable,
    legal: Legal<Value> = .all, unit: String? = nil, source: Source = .plain, _ comment: String
  ) {
    self.init(
      key, legal: legal, unit: unit, source: source, comment,
      get: { $0[keyPath: property] }, set: { $0[keyPath: property] = $1 })
  }

  /// A key that needs more than a property: `get` gives nothing where the key does not apply.
  init<Value: SettingValue>(
    _ key: String, legal: Legal<Value>, unit: String? = nil, source: Source = .plain,
    _ comment: String, get: @escaping @Sendable (Configuration) -> Value?,
    set: @escaping @Sendable (inout Configuration, Value) -> Void
  ) {
    self.key = key
    self.comment = comment
    self.unit = unit
    self.legal = legal.words
    self.source = source
    self.choices = Value.choices
    self.isText = Value.isText
    self.takesLists = Value.takesLists
    self.print = { get($0)?.printed }
    self.newerName = Value.newerName
    self.read = { scalar, configuration in
      guard let value = Value.read(scalar), legal.contains(value) else {
        return Self.refusal(of: scalar, legal: legal.words, choices: Value.choices)
      }
      set(&configuration, value)
      return nil
    }
  }

  private static func refusal(of scalar: YAMLScalar, legal: String, choices: [String]) -> String {
    var sentence = "must be \(legal), not \(scalar.description)."
    // "energy 2" is not a misspelt "energy".
    if let text = scalar.text, !text.contains(" "), let near = NearestName.of(text, among: choices)
    {
      sentence += " Did you mean \(near)?"
    }
    return sentence
  }
}

/// A mapping of the YAML that holds settings, with the words printed above it.
package struct SettingGroup: Sendable {
  let key: String
  let comment: String

  init(_ key: String, _ comment: String) {
    self.key = key
    self.comment = comment
  }
}
