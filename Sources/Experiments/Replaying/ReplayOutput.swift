import Glibc

/// The file with a line for each window, setting and estimator; it grows as the replay goes on.
final class ReplayOutput {
  /// How the lines are written, by the end of the file's name.
  enum Form: String, CaseIterable {
    case csv, jsonl
  }

  private let form: Form
  private let file: OutputFile
  private var waiting: [UInt8] = []
  private var hasHeader = false

  /// Makes the file, or empties one that is no file of a run.
  ///
  /// - Throws: `RunError` for a name with another end, `FileError`
  init(path: String) throws {
    guard let form = Form.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
      throw RunError(
        "--output \(path): the name must end in .csv or .jsonl, which says what is written.")
    }
    try DerivedFile.check(path)
    self.form = form
    file = try OutputFile(path: path, flags: O_CREAT | O_TRUNC)
  }

  /// Adds a line.
  ///
  /// - Throws: `FileError`
  func append(_ window: ReplayedWindow) throws(FileError) {
    switch form {
    case .jsonl: add(JSONText.line(window.json))
    case .csv:
      if !hasHeader { add(window.columnNames.joined(separator: ",")) }
      hasHeader = true
      add(window.cells.joined(separator: ","))
    }
    if waiting.count > 1 << 18 { try flush() }
  }

  /// Waits until the disk has all lines.
  ///
  /// - Throws: `FileError`
  func close() throws(FileError) {
    try flush()
    try file.syncAndClose(kept: Self.kept)
  }

  private static let kept = "The lines before are whole."

  private func add(_ line: String) {
    waiting += line.utf8
    waiting.append(UInt8(ascii: "\n"))
  }

  private func flush() throws(FileError) {
    let bytes = waiting
    waiting = []
    try bytes.forEachPiece { piece throws(FileError) in
      try self.file.write(piece, kept: Self.kept)
    }
  }
}

extension ReplayedWindow {
  private static let agreements = ["cosine", "sign_agreement", "distance"]

  fileprivate var columnNames: [String] {
    ["window", "observed", "stacks", "rank", "tolerance", "estimator", "used", "spectral_radius"]
      + Self.agreements.map { "recorded_\($0)" } + Self.agreements.map { "tail_mean_\($0)" }
      + ["fallback"] + (1...hyperparameters).map { "estimate_\($0)" }
  }

  fileprivate var cells: [String] {
    let modes = setting.modes
    let words = [
      "\(window)", "\(setting.observed)", "\(modes.stacks)", modes.rank.printed,
      modes.tolerance.printed, estimator.rawValue, used?.rawValue ?? "",
    ]
    let numbers = [spectralRadius] + Self.numbers(withRecorded) + Self.numbers(withTailMean)
    return words + numbers.map(Self.cell) + [CSVText.quoted(fallback ?? "")]
      + (estimate ?? Array(repeating: .nan, count: hyperparameters)).map { Self.cell($0) }
  }

  fileprivate var json: JSONValue {
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
    agreement.map { [$0.cosine, $0.signs, $0.distance] } ?? [nil, nil, nil]
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

/// Cells of comma-separated values (RFC 4180).
enum CSVText {
  /// The cell, in quotes where it needs them.
  static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
