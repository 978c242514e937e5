/// Numbers as the page shows them.
enum ReportNumber {
  /// Whole numbers in full, others with three significant digits.
  static func text(_ value: Double) -> String {
    value.rounded() == value && abs(value) < 1e9 ? "\(Int(value))" : Progress.brief(value)
  }

  /// The same for what may be missing.
  static func text(_ value: Double?) -> String { value.map { text($0) } ?? "" }
}
