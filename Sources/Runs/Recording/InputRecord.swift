import Datasets
import Learning
import Storage

/// What is done to the numbers of a file before a network sees them: whoever loads a model needs it.
///
///     x ↦ (x / divisor − mean) / deviation,   of each channel or column
package struct InputRecord: Equatable, Sendable {
  /// 255 for bytes, 1 for all else.
  let divisor: Int
  /// Nil: nothing is taken off, and nothing else divided by.
  let normalisation: Normalisation?

  /// That of a set.
  package init(_ part: any DataPart) {
    divisor = part.dividesBytes ? 255 : 1
    normalisation = part.inputNormalisation
  }

  /// For `summary.json`; null where inputs are what the file holds.
  package var json: JSONValue {
    guard divisor > 1 || normalisation != nil else { return .null }
    return [
      "divisor": .integer(divisor),
      "mean": .array((normalisation?.mean ?? [0]).map { .number($0) }),
      "deviation": .array((normalisation?.deviation ?? [1]).map { .number($0) }),
    ]
  }

  /// For the file of a model.
  package var metadata: [(key: String, text: String)] {
    json == .null ? [] : [(key: "normalisation", text: JSONText.line(json))]
  }
}
