/// The mean of some numbers, and their standard deviation as a sample (n − 1).
struct Spread: Equatable {
  let mean: Double
  /// Nil of a single number.
  let deviation: Double?

  /// Nil of none.
  init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    self.mean = mean
    deviation =
      values.count < 2
      ? nil
      : (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
  }

  /// Mean and deviation in few digits, such as `87.3 ± 0.42`.
  func words(times factor: Double = 1) -> String {
    Progress.brief(factor * mean) + (deviation.map { " ± \(Progress.brief(factor * $0))" } ?? "")
  }
}

/// Texts in columns as wide as their longest.
struct TextColumns {
  let lines: [String]

  /// Rows with as many texts each.
  init(_ rows: [[String]]) {
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    lines = rows.map { row in
      let padded = zip(row, widths).map { text, width in
        text + String(repeating: " ", count: width - text.count)
      }
      let line = padded.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
