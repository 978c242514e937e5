/// Cells of comma-separated values (RFC 4180).
package enum CSVText {
  /// The cell, quoted if necessary.
  package static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
