/// A gnuplot script under construction: data blocks, settings, and curves in one `plot`.
package struct GnuplotScript: Sendable {
  private var lines: [String] = []
  private var curves: [String] = []
  private var blocks = 0

  /// Creates a script with a light grid and the legend above the plot.
  package init() {
    lines = [
      "set border 3 linewidth 0.8", "set tics nomirror out scale 0.6",
      "set grid linewidth 0.5 linecolor rgb '#9a9a9a' dashtype 3",
      "set key above left horizontal samplen 2 maxcols 3",
    ]
  }

  /// Adds a command verbatim.
  package mutating func command(_ command: String) { lines.append(command) }

  /// Labels the axes.
  package mutating func axes(x: String, y: String) {
    lines.append("set xlabel \(GnuplotText.quoted(x))")
    lines.append("set ylabel \(GnuplotText.quoted(y))")
  }

  /// Adds a data block from rows of numbers.
  ///
  /// - Returns: the block's name, for use in curves. Non-finite values are omitted from a curve.
  package mutating func data(_ rows: some Sequence<[Double]>) -> String {
    blocks += 1
    let name = "$data\(blocks)"
    lines.append("\(name) << EOD")
    lines += rows.map { row in
      row.map { $0.isFinite ? "\($0)" : "NaN" }.joined(separator: " ")
    }
    lines.append("EOD")
    return name
  }

  /// Adds a curve.
  ///
  /// - Parameters:
  ///   - data: the name of a data block.
  ///   - style: the rest of the plot element, such as `using 1:2 with lines`.
  ///   - title: its name in the legend; nil omits it.
  package mutating func curve(_ data: String, _ style: String, title: String?) {
    let name = title.map { "title \(GnuplotText.quoted($0, limit: Self.longestTitle))" }
    curves.append("\(data) \(style) \(name ?? "notitle")")
  }

  /// The complete script.
  package var text: String {
    (lines + [curves.isEmpty ? "" : "plot " + curves.joined(separator: ", \\\n  ")])
      .joined(separator: "\n")
  }

  /// Adds a horizontal line, such as at 0, behind the curves added after it.
  package mutating func level(_ y: Double) {
    curves.append("\(y) with lines \(Self.rule) notitle")
  }

  /// Adds a vertical line.
  package mutating func mark(_ x: Double) {
    command("set arrow from first \(x), graph 0 to first \(x), graph 1 nohead back \(Self.rule)")
  }

  /// Adds a text at a point in axis coordinates.
  ///
  /// - Parameter style: its alignment, such as `center`.
  package mutating func label(_ text: String, x: Double, y: Double, _ style: String) {
    command("set label \(GnuplotText.quoted(text, limit: 40)) at first \(x), first \(y) \(style)")
  }

  /// The maximum length of a name in the legend; a longer one loses its middle.
  ///
  /// gnuplot omits a legend that is wider than the picture.
  package static let longestTitle = 44

  /// The style of lines that are not curves.
  package static let rule = "linewidth 1 linecolor rgb \(quiet)"

  /// The colour of background curves; visible on white and on black.
  package static let quiet = "'#9a9a9a'"

  /// Colours that can be distinguished, even with most red–green colour blindness, on white and on
  /// black.
  package static func colour(_ index: Int) -> String { "'\(colours[index % colours.count])'" }

  /// The number of colours before they repeat.
  package static var colourCount: Int { colours.count }

  private static let colours = [
    "#3b82c4", "#e0723a", "#3d9a50", "#b565b8", "#b8941f", "#27a3a3", "#d4566a", "#8a7a6a",
  ]
}
