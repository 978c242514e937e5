/// A table for a terminal; each column is as wide as its widest cell.
package struct TextTable {
  package let header: [String]
  package let rows: [[String]]
  /// The indices of left-aligned columns (words); the others, numbers, are right-aligned.
  package var leftAligned: Set<Int> = []

  package init(header: [String], rows: [[String]], leftAligned: Set<Int> = []) {
    self.header = header
    self.rows = rows
    self.leftAligned = leftAligned
  }

  /// The lines, the header first.
  package var lines: [String] {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = row.enumerated().map { column, cell in
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        return leftAligned.contains(column) ? cell + gap : gap + cell
      }
      var line = cells.joined(separator: "  ")
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
