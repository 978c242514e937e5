/// Curves over a common axis.
struct SeriesPlot {
  /// One curve.
  struct Series {
    let title: String
    let points: [(x: Double, y: Double)]
    /// The place in `GnuplotScript.colour`.
    let colour: Int
    /// gnuplot's dash type: 1 is a whole line.
    var dash = 1
    /// Single points instead of a line.
    var isPoints = false
  }

  let title: String
  let caption: String
  let x: String
  let y: String
  var series: [Series]
  /// A logarithmic axis where the values ask for it: all above 0, and over more than a decade.
  var mayBeLogarithmic = false
  /// Leaves out of sight what lies far outside the bulk of the values.
  var showsBulk = false

  /// The picture; nil where there is no point to show.
  var figure: ReportFigure? {
    let values = series.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    guard let least = values.min(), let most = values.max() else { return nil }
    var script = GnuplotScript()
    var isCut = false
    script.axes(x: x, y: y)
    if mayBeLogarithmic, least > 0, most > 10 * least {
      script.command("set logscale y")
      script.command("set format y '%g'")
    } else if showsBulk, let range = Quantiles(values).bulk {
      script.command("set yrange [\(range.lowerBound):\(range.upperBound)]")
      isCut = true
    }
    let shown = series.filter { !$0.points.isEmpty }
    for one in shown {
      let block = script.data(Self.thinned(one.points, to: 1000).map { [$0.x, $0.y] })
      let colour = "linecolor rgb \(GnuplotScript.colour(one.colour))"
      script.curve(
        block,
        one.isPoints
          ? "using 1:2 with points pointtype 7 pointsize 0.5 \(colour)"
          : one.points.count < 3
            ? "using 1:2 with linespoints linewidth 1.6 pointtype 7 pointsize 0.5 \(colour)"
            : "using 1:2 with lines linewidth 1.6 dashtype \(one.dash) \(colour)",
        title: shown.count > 1 || one.isPoints ? one.title : nil)
    }
    var figure = ReportFigure(
      title: title, caption: caption + (isCut ? " What lies far outside is not shown." : ""),
      script: script, table: table)
    figure.height += Self.legendHeight(shown.map(\.title), width: figure.width)
    return figure
  }

  /// What a legend takes above the picture beyond its first line, in pixels.
  static func legendHeight(_ titles: [String], width: Int) -> Int {
    let widest = titles.map(\.count).max() ?? 0
    // A letter of the pictures is about 7 pixels wide; a sample of the curve takes 50 more.
    let columns = min(3, max(1, width / (7 * widest + 50)))
    let rows = (titles.count + columns - 1) / columns
    return 20 * max(0, rows - 1)
  }

  /// At most 20 places of the axis, with the value of every curve there.
  private var table: HTMLTable {
    let places = Set(series.flatMap { $0.points.map(\.x) }).sorted()
    let byPlace = series.map { one in
      Dictionary(one.points.map { ($0.x, $0.y) }) { $1 }
    }
    return HTMLTable(
      header: [x] + series.map(\.title),
      rows: Self.thinned(places, to: 20).map { place in
        [ReportNumber.text(place)] + byPlace.map { $0[place].map(ReportNumber.text) ?? "" }
      })
  }

  /// At most `count` elements, evenly spread, the first and the last among them.
  static func thinned<Element>(_ elements: [Element], to count: Int) -> [Element] {
    guard elements.count > count else { return elements }
    return (0..<count).map { elements[$0 * (elements.count - 1) / (count - 1)] }
  }
}
