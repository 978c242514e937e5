/// A JSON document that keeps its keys in the order given.
///
/// Run folders are compared byte for byte across rank counts, so what is written must be a function
/// of the values alone: no hashing order, no locale, no rounding.
///
/// ```swift
/// let line: JSONValue = ["window": 1, "loss": 0.25, "estimators": ["dmd": [0.1, -0.2]]]
/// ```
public enum JSONValue: Equatable, Sendable {
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
  public struct Member: Equatable, Sendable {
    /// The key.
    public var key: String
    /// The value under the key.
    public var value: JSONValue

    /// A member of an object.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// A list of numbers.
  public static func numbers(_ values: some Sequence<Double>) -> JSONValue {
    .array(values.map(JSONValue.number))
  }

  /// The value under `key`, or nil when this is no object or has no such key.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The number, whether written with a fraction or without, or nil.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The whole number, or nil.
  public var int: Int? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The text, or nil.
  public var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The list, or nil.
  public var array: [JSONValue]? {
    guard case .array(let values) = self else { return nil }
    return values
  }

  /// The members, or nil.
  public var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
  ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// An object, members in the order written.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }

  /// A list.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// Text.
  public init(stringLiteral value: String) { self = .string(value) }

  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }

  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }

  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// The value `null`.
  public init(nilLiteral: ()) { self = .null }
}
