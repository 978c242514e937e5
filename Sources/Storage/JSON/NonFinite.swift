/// Represents the non-finite numbers that JSON cannot.
package enum NonFinite {
  /// The suffix of the key that explains a member's `null`s.
  package static let suffix = "_non_finite"

  /// `nan`, `inf` or `-inf`.
  package static func word(_ value: Double) -> String {
    value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  /// The word for a number, or the words by index for an array; nil if all are finite.
  ///
  /// Objects explain their own members.
  package static func explanation(of value: JSONValue) -> JSONValue? {
    switch value {
    case .number(let number): number.isFinite ? nil : .string(word(number))
    case .array(let elements): byPosition(places(in: elements, prefix: ""))
    default: nil
    }
  }

  /// The words by index for a row of numbers; nil if all are finite.
  package static func explanation(of row: some Collection<Double>) -> JSONValue? {
    byPosition(
      row.enumerated().filter { !$0.element.isFinite }.map {
        JSONValue.Member(String($0.offset), .string(word($0.element)))
      })
  }

  private static func byPosition(_ places: [JSONValue.Member]) -> JSONValue? {
    places.isEmpty ? nil : .object(places)
  }

  private static func places(in elements: [JSONValue], prefix: String) -> [JSONValue.Member] {
    elements.enumerated().flatMap { index, element -> [JSONValue.Member] in
      switch element {
      case .number(let number) where !number.isFinite:
        [JSONValue.Member("\(prefix)\(index)", .string(word(number)))]
      case .array(let inner): places(in: inner, prefix: "\(prefix)\(index).")
      default: []
      }
    }
  }
}
