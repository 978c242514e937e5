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

extension Legal where Value: Comparable {
  /// Both ends are legal.
  static func from(_ lowest: Value, to highest: Value) -> Legal {
    Legal(words: "\(Value.kind) from \(lowest.printed) to \(highest.printed)") {
      $0 >= lowest && $0 <= highest
    }
  }

  /// Up to, but not including, the limit.
  static func from(_ lowest: Value, below limit: Value) -> Legal {
    Legal(words: "\(Value.kind) from \(lowest.printed) to below \(limit.printed)") {
      $0 >= lowest && $0 < limit
    }
  }

  /// More than one limit, at most the other.
  static func above(_ limit: Value, to highest: Value) -> Legal {
    Legal(words: "\(Value.kind) above \(limit.printed), at most \(highest.printed)") {
      $0 > limit && $0 <= highest
    }
  }

  /// Between the two, neither included.
  static func above(_ limit: Value, below other: Value) -> Legal {
    Legal(words: "\(Value.kind) above \(limit.printed) and below \(other.printed)") {
      $0 > limit && $0 < other
    }
  }

  /// Without an upper end.
  static func from(_ lowest: Value) -> Legal {
    Legal(words: "\(Value.kind), at least \(lowest.printed)") { $0 >= lowest }
  }

  /// More than the limit.
  static func above(_ limit: Value) -> Legal {
    Legal(words: "\(Value.kind) above \(limit.printed)") { $0 > limit }
  }
}
