import Datasets
import Learning
import Storage

/// What is done to the numbers of a file before a network sees them: whoever loads a model needs it.
///
///     x ↦ (x / divisor − mean) / deviation,   of each channel or column
///
/// Of a table also which columns become which numbers, and what the classes are called.
package struct InputRecord: Equatable, Sendable {
  /// 255 for bytes, 1 for all else.
  let divisor: Int
  /// Nil: nothing is taken off, and nothing else divided by.
  let normalisation: Normalisation?
  /// The table that the examples are lines of.
  let table: TableNames?

  /// That of a set.
  package init(_ part: any DataPart) {
    divisor = part.dividesBytes ? 255 : 1
    normalisation = part.inputNormalisation
    table = part.tableNames
  }

  /// For `summary.json`; null where there is nothing to say.
  package var members: [JSONValue.Member] {
    [
      .init(Self.normalisationKey, normalisationJSON),
      .init(
        Self.tableKey,
        table.map {
          [
            "inputs": .array($0.inputs.map { .string($0) }),
            "classes": .array($0.classes.map { .string($0) }),
          ]
        } ?? .null),
    ]
  }

  private var normalisationJSON: JSONValue {
    guard divisor > 1 || normalisation != nil else { return .null }
    return [
      "divisor": .integer(divisor),
      "mean": .array((normalisation?.mean ?? [0]).map { .number($0) }),
      "deviation": .array((normalisation?.deviation ?? [1]).map { .number($0) }),
    ]
  }

  /// For the file of a model.
  package var metadata: [(key: String, text: String)] { Self.metadata(of: .object(members)) }

  /// For the file of a model, from what a summary says.
  package static func metadata(of summary: JSONValue?) -> [(key: String, text: String)] {
    [normalisationKey, tableKey].compactMap { key in
      guard let value = summary?[key], value != .null else { return nil }
      return (key: key, text: JSONText.line(value))
    }
  }

  private static let normalisationKey = "normalisation"
  private static let tableKey = "table"
}
