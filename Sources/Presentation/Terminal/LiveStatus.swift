/// The content of the live line at one moment.
package struct LiveStatus {
  /// The parts, most important first: a narrow window shows only the first ones.
  package var parts: [String]
  /// The completed fraction, 0 … 1.
  package var share: Double

  package init(parts: [String], share: Double) {
    self.parts = parts
    self.share = share
  }

  /// All parts on one line.
  package var line: String { parts.joined(separator: Self.separator) }

  /// As many of the first parts as fit into `columns`; the first part is truncated if necessary.
  package func line(columns: Int) -> String {
    var line = ""
    for part in parts {
      let longer = line.isEmpty ? part : line + Self.separator + part
      if longer.count > columns { break }
      line = longer
    }
    guard line.isEmpty, let first = parts.first else { return line }
    return first.prefix(max(0, columns - 1)) + "…"
  }

  private static let separator = " · "
}
