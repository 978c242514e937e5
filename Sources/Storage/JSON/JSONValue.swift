/// A JSON document that preserves the order of its keys.
///
/// Run folders are compared byte for byte across rank counts, so the output must depend only on the
/// values: no hash order, no locale, no rounding.
///
/// ```swift
/// let line: JSONValue = ["window": 1, "loss": 0.25, "estimators": ["dmd": [0.1, -0.2]]]
/// ```
package enum JSONValue: Equatable, Sendable {
  /// `null`
  case null
  /// `true` or `false`
  case bool(Bool)
  /// An integer.
  case integer(Int)
  /// A floating-point number; non-finite ones are written as `null`, see `JSONText`.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object, members in the order in which they are written.
  case object([Member])

  /// One key of an object with its value.
  package struct Member: Equatable, Sendable {
    /// The key.
    package var key: String
    /// The value under the key.
    package var value: JSONValue

    /// Creates a member of an object.
    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// A number, or `null` if it is nil.
  package static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

  /// An array of numbers.
  package static func numbers(_ values: some Sequence<Double>) -> JSONValue {
    .array(values.map(JSONValue.number))
  }

  /// The value for `key`, or nil if this is not an object or has no such key.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The number, whether integer or floating-point, or nil.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The integer, or nil.
  package var int: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The string, or nil.
  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The array, or nil.
  package var array: [JSONValue]? {
    guard case .array(let values) = self else { return nil }
    return values
  }

  /// The members, or nil.
  package var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// An object, members in the order written.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }

  /// An array.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// A string.
  package init(stringLiteral value: String) { self = .string(value) }

  /// An integer.
  package init(integerLiteral value: Int) { self = .integer(value) }

  /// A floating-point number.
  package init(floatLiteral value: Double) { self = .number(value) }

  /// A Boolean.
  package init(booleanLiteral value: Bool) { self = .bool(value) }

  /// The value `null`.
  package init(nilLiteral: ()) { self = .null }
}
