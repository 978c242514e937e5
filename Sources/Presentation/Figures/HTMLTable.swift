/// An HTML table.
package struct HTMLTable {
  package let header: [String]
  package let rows: [[String]]
  /// The indices of the highlighted rows.
  package var marked: Set<Int> = []

  package init(header: [String], rows: [[String]], marked: Set<Int> = []) {
    self.header = header
    self.rows = rows
    self.marked = marked
  }

  /// The HTML element, with all text escaped; the first cell of a row is its header.
  package var element: String {
    let head = header.map { "<th scope=\"col\">\(HTMLText.escaped($0))</th>" }.joined()
    let body = rows.enumerated().map { index, row in
      let cells = row.enumerated().map { column, cell in
        column == 0
          ? "<th scope=\"row\">\(HTMLText.escaped(cell))</th>"
          : "<td>\(HTMLText.escaped(cell))</td>"
      }
      return "<tr\(marked.contains(index) ? " class=\"differs\"" : "")>\(cells.joined())</tr>"
    }
    return """
      <div class="wide"><table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body.joined(separator: "\n"))
      </tbody>
      </table></div>
      """
  }
}
