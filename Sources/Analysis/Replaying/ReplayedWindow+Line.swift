import Hypergradients
import Storage

// A line of the output in either format.
extension ReplayedWindow {
  private static let agreements = ["cosine", "sign_agreement", "distance"]

  /// The header of the table.
  var columnNames: [String] {
    ["window", "observed", "stacks", "rank", "tolerance", "estimator", "used", "spectral_radius"]
      + Self.agreements.map { "recorded_\($0)" } + Self.agreements.map { "tail_mean_\($0)" }
      + ["fallback"] + (1...hyperparameters).map { "estimate_\($0)" }
  }

  /// The cells of a table row.
  var cells: [String] {
    let modes = setting.modes
    let words = [
      "\(window)", "\(setting.observed)", "\(modes.stacks)", modes.rank.printed,
      modes.tolerance.printed, estimator.rawValue, used?.rawValue ?? "",
    ]
    let numbers = [spectralRadius] + Self.numbers(withRecorded) + Self.numbers(withTailMean)
    return words + numbers.map(Self.cell) + [CSVText.quoted(fallback ?? "")]
      + (estimate ?? Array(repeating: .nan, count: hyperparameters)).map { Self.cell($0) }
  }

  /// The line as a JSON object.
  var json: JSONValue {
    let modes = setting.modes
    return [
      "window": .integer(window), "observed": .integer(setting.observed),
      "stacks": .integer(modes.stacks), "rank": .string(modes.rank.printed),
      "tolerance": .number(modes.tolerance), "estimator": .string(estimator.rawValue),
      "used": used.map { .string($0.rawValue) } ?? .null,
      "fallback": fallback.map { .string($0) } ?? .null,
      "spectral_radius": spectralRadius.map { .number($0) } ?? .null,
      "with_recorded": Self.json(withRecorded), "with_tail_mean": Self.json(withTailMean),
      "estimate": estimate.map { .numbers($0) } ?? .null,
    ]
  }

  private static func numbers(_ agreement: Agreement?) -> [Double?] {
    agreement.map { [$0.cosine, $0.signShare, $0.relativeError] } ?? [nil, nil, nil]
  }

  private static func json(_ agreement: Agreement?) -> JSONValue {
    guard let agreement else { return .null }
    return .object(
      zip(agreements, numbers(agreement)).map { name, value in
        .init(name, value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null)
      })
  }

  private static func cell(_ value: Double?) -> String {
    value.map { $0.isFinite ? "\($0)" : "" } ?? ""
  }
}
