/// A type that a setting can have: how it is read, how it is printed, what it is called.
protocol SettingValue: Equatable, Sendable {
  /// What the type is called in a sentence: "a whole number".
  static var kind: String { get }

  /// The names of all values where they can be counted, for suggestions.
  static var choices: [String] { get }

  /// True where `--set` takes the characters as they are (paths), instead of reading them as YAML.
  static var isText: Bool { get }

  /// True where a list of YAML is read as the text that it is written as.
  static var takesLists: Bool { get }

  /// The value of a scalar, or nothing when the scalar is of another type.
  static func read(_ scalar: YAMLScalar) -> Self?

  /// What a scalar that is an older name is called now, as the rest of a sentence; nil for all others.
  static func newerName(_ scalar: YAMLScalar) -> String?

  /// The value as a YAML scalar that `read` gives back exactly.
  var printed: String { get }
}

extension SettingValue {
  static var choices: [String] { [] }
  static var isText: Bool { false }
  static var takesLists: Bool { false }
  static func newerName(_ scalar: YAMLScalar) -> String? { nil }
}

/// Choices: the kind, the reading and the printing of an enum all come from `allCases`.
extension SettingValue where Self: RawRepresentable<String> & CaseIterable {
  static var kind: String { "one of \(choices.joined(separator: ", "))" }
  static var choices: [String] { allCases.map(\.rawValue) }
  static func read(_ scalar: YAMLScalar) -> Self? { scalar.text.flatMap(Self.init(rawValue:)) }
  var printed: String { YAMLScalar.printed(rawValue) }
}

extension Int: SettingValue {
  static var kind: String { "a whole number" }

  static func read(_ scalar: YAMLScalar) -> Int? {
    guard case .plain(let text) = scalar else { return nil }
    return Int(text)
  }

  var printed: String { String(self) }
}

extension UInt64: SettingValue {
  static var kind: String { "a whole number that is not negative" }

  static func read(_ scalar: YAMLScalar) -> UInt64? {
    guard case .plain(let text) = scalar else { return nil }
    return UInt64(text)
  }

  var printed: String { String(self) }
}

extension Double: SettingValue {
  static var kind: String { "a number" }

  static func read(_ scalar: YAMLScalar) -> Double? {
    guard case .plain(let text) = scalar else { return nil }
    // Swift also reads "nan", "infinity" and hexadecimal floats: no setting means them.
    let decimal = text.allSatisfy { $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }
    guard decimal, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// The fewest digits that give the same number back.
  ///
  /// A number with an exponent also gets a point (`1.0e-08`): YAML 1.1 readers such as PyYAML take
  /// `1e-08` for a text.
  package var printed: String {
    let digits = description
    if let exponent = digits.firstIndex(of: "e") {
      return digits.contains(".")
        ? digits : digits[..<exponent] + ".0" + digits[exponent...]
    }
    return digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
  }
}

extension Bool: SettingValue {
  static var kind: String { "true or false" }
  static var choices: [String] { ["true", "false"] }

  static func read(_ scalar: YAMLScalar) -> Bool? {
    switch scalar {
    case .plain("true"): true
    case .plain("false"): false
    default: nil
    }
  }

  var printed: String { self ? "true" : "false" }
}

extension String: SettingValue {
  static var kind: String { "a text" }
  static var isText: Bool { true }
  static func read(_ scalar: YAMLScalar) -> String? { scalar.text }
  var printed: String { YAMLScalar.printed(self) }
}

extension Optional: SettingValue where Wrapped: SettingValue {
  static var kind: String { "\(Wrapped.kind), or null" }
  static var choices: [String] { Wrapped.choices }
  static var isText: Bool { Wrapped.isText }

  static func read(_ scalar: YAMLScalar) -> Wrapped?? {
    scalar == .null ? .some(nil) : Wrapped.read(scalar).map { .some($0) }
  }

  var printed: String { self?.printed ?? "null" }
}
