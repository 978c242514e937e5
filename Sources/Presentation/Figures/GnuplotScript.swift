/// A gnuplot script as it grows: data blocks, settings, and curves in one `plot`.
package struct GnuplotScript: Sendable {
  private var lines: [String] = []
  private var curves: [String] = []
  private var blocks = 0

  /// A script with a light grid, and the legend above the picture.
  package init() {
    lines = [
      "set border 3 linewidth 0.8", "set tics nomirror out scale 0.6",
      "set grid linewidth 0.5 linecolor rgb '#9a9a9a' dashtype 3",
      "set key above left horizontal samplen 2 maxcols 3",
    ]
  }

  /// Adds commands as they are.
  package mutating func command(_ command: String) { lines.append(command) }

  /// Names the axes.
  package mutating func axes(x: String, y: String) {
    lines.append("set xlabel \(GnuplotText.quoted(x))")
    lines.append("set ylabel \(GnuplotText.quoted(y))")
  }

  /// Adds rows of numbers.
  ///
  /// - Returns: the name by which curves call them. What is not finite is left out of a curve.
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
  ///   - data: the name of a block.
  ///   - style: what follows the block, such as `using 1:2 with lines`.
  ///   - title: its name in the legend; nil leaves it out.
  package mutating func curve(_ data: String, _ style: String, title: String?) {
    let name = title.map { "title \(GnuplotText.quoted($0, limit: Self.longestTitle))" }
    curves.append("\(data) \(style) \(name ?? "notitle")")
  }

  /// The commands.
  package var text: String {
    (lines + [curves.isEmpty ? "" : "plot " + curves.joined(separator: ", \\\n  ")])
      .joined(separator: "\n")
  }

  /// Adds a line at a height, such as 0, behind the curves that are added after it.
  package mutating func level(_ y: Double) {
    curves.append("\(y) with lines \(Self.rule) notitle")
  }

  /// Adds a line upwards at a place of the axis.
  package mutating func mark(_ x: Double) {
    command("set arrow from first \(x), graph 0 to first \(x), graph 1 nohead back \(Self.rule)")
  }

  /// Adds a text at a place of the axes.
  ///
  /// - Parameter style: where it stands, such as `center`.
  package mutating func label(_ text: String, x: Double, y: Double, _ style: String) {
    command("set label \(GnuplotText.quoted(text, limit: 40)) at first \(x), first \(y) \(style)")
  }

  /// Letters of a name in the legend; a longer one loses its middle.
  ///
  /// gnuplot leaves out a legend that is wider than the picture.
  package static let longestTitle = 44

  /// How lines are drawn that are no curves.
  package static let rule = "linewidth 1 linecolor rgb \(quiet)"

  /// The colour of what stands behind the curves; it can be seen on white and on black.
  package static let quiet = "'#9a9a9a'"

  /// Colours that can be told apart, also by most who do not see red or green, on white and black.
  package static func colour(_ index: Int) -> String { "'\(colours[index % colours.count])'" }

  /// How many there are before they come again.
  package static var colourCount: Int { colours.count }

  private static let colours = [
    "#3b82c4", "#e0723a", "#3d9a50", "#b565b8", "#b8941f", "#27a3a3", "#d4566a", "#8a7a6a",
  ]
}
