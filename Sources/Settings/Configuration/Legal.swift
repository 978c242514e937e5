import DynamicModes

/// The values of a type that a setting may take, with the words that say so.
struct Legal<Value: SettingValue>: Sendable {
  /// What is legal, ready to follow "must be": "from 1 to 64".
  let words: String
  let contains: @Sendable (Value) -> Bool

  /// Every value of the type.
  static var all: Legal { Legal(words: Value.kind) { _ in true } }

  /// The same, or null.
  func orNull() -> Legal<Value?> {
    Legal<Value?>(words: words + ", or null") { value in value.map(contains) ?? true }
  }
}

extension Legal where Value: Comparable & AdditiveArithmetic {
  /// What a module says of its own numbers.
  static func range(_ range: LegalRange<Value>) -> Legal {
    let words = range.words(\.printed)
    // "a number above 0", but "a number, at least 0".
    let separator = range.upper == nil && range.includesLower ? ", " : " "
    return Legal(words: Value.kind + separator + words) { range.contains($0) }
  }

  /// Both ends are legal.
  static func from(_ lowest: Value, to highest: Value) -> Legal {
    .range(.from(lowest, to: highest))
  }
}
