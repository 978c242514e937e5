/// A gnuplot script as it grows: data blocks, settings, and curves in one `plot`.
public struct GnuplotScript: Sendable {
  private var lines: [String] = []
  private var curves: [String] = []
  private var blocks = 0

  /// A script with a light grid, and the legend above the picture.
  public init() {
    lines = [
      "set border 3 linewidth 0.8", "set tics nomirror out scale 0.6",
      "set grid linewidth 0.5 linecolor rgb '#9a9a9a' dashtype 3",
      "set key above left horizontal samplen 2 maxcols 3",
    ]
  }

  /// Adds commands as they are.
  public mutating func command(_ command: String) { lines.append(command) }

  /// Names the axes.
  public mutating func axes(x: String, y: String) {
    lines.append("set xlabel \(Self.quoted(x))")
    lines.append("set ylabel \(Self.quoted(y))")
  }

  /// Adds rows of numbers.
  ///
  /// - Returns: the name by which curves call them. What is not finite is left out of a curve.
  public mutating func data(_ rows: some Sequence<[Double]>) -> String {
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
  public mutating func curve(_ data: String, _ style: String, title: String?) {
    curves.append("\(data) \(style) \(title.map { "title \(Self.quoted($0))" } ?? "notitle")")
  }

  /// The commands.
  public var text: String {
    (lines + [curves.isEmpty ? "" : "plot " + curves.joined(separator: ", \\\n  ")])
      .joined(separator: "\n")
  }

  /// A text in quotes, in which nothing but the quote itself has a meaning.
  public static func quoted(_ text: String) -> String {
    let line = text.map { $0.isNewline ? " " : String($0) }.joined()
    return "'" + line.replacing("'", with: "''") + "'"
  }

  /// Colours that can be told apart, also by most who do not see red or green, on white and black.
  public static func colour(_ index: Int) -> String {
    let colours = [
      "#3b82c4", "#e0723a", "#3d9a50", "#b565b8", "#b8941f", "#27a3a3", "#d4566a", "#8a7a6a",
    ]
    return "'\(colours[index % colours.count])'"
  }
}
