/// What the live line shows at a moment.
package struct LiveStatus {
  /// What there is to say, in the order of its worth: a narrow window shows the first ones.
  package var parts: [String]
  /// How much of the whole is done, 0 … 1.
  package var share: Double

  package init(parts: [String], share: Double) {
    self.parts = parts
    self.share = share
  }

  /// All of it.
  package var line: String { parts.joined(separator: Self.separator) }

  /// As many of the first parts as fit into so many columns; of the first one at least its beginning.
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
