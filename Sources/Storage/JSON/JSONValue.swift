/// A JSON document that keeps its keys in the order given.
///
/// Run folders are compared byte for byte across rank counts, so what is written must be a function
/// of the values alone: no hashing order, no locale, no rounding.
///
/// ```swift
/// let line: JSONValue = ["window": 1, "loss": 0.25, "estimators": ["dmd": [0.1, -0.2]]]
/// ```
package enum JSONValue: Equatable, Sendable {
  /// `null`
  case null
  /// `true` or `false`
  case bool(Bool)
  /// A number without a fraction.
  case integer(Int)
  /// A number with a fraction; one that is not finite is written as `null`, see `JSONText`.
  case number(Double)
  /// Text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members in the order in which they are written.
  case object([Member])

  /// One key of an object with its value.
  package struct Member: Equatable, Sendable {
    /// The key.
    package var key: String
    /// The value under the key.
    package var value: JSONValue

    /// A member of an object.
    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// A number, or `null` for what there is none of.
  package static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

  /// A list of numbers.
  package static func numbers(_ values: some Sequence<Double>) -> JSONValue {
    .array(values.map(JSONValue.number))
  }

  /// The value under `key`, or nil when this is no object or has no such key.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The number, whether written with a fraction or without, or nil.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The whole number, or nil.
  package var int: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The text, or nil.
  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The list, or nil.
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

  /// A list.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// Text.
  package init(stringLiteral value: String) { self = .string(value) }

  /// A whole number.
  package init(integerLiteral value: Int) { self = .integer(value) }

  /// A number.
  package init(floatLiteral value: Double) { self = .number(value) }

  /// A truth value.
  package init(booleanLiteral value: Bool) { self = .bool(value) }

  /// The value `null`.
  package init(nilLiteral: ()) { self = .null }
}
