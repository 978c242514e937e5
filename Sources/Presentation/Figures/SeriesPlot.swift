/// Curves over a common x axis.
package struct SeriesPlot {
  /// One curve.
  package struct Series {
    package let title: String
    package let points: [(x: Double, y: Double)]
    /// The line style.
    package let look: CurveLook
    /// Whether to draw points instead of a line.
    package var isPoints = false

    /// Creates a curve; omit the title if it is the only one in the picture.
    package init(
      title: String, points: [(x: Double, y: Double)], look: CurveLook, isPoints: Bool = false
    ) {
      self.title = title
      self.points = points
      self.look = look
      self.isPoints = isPoints
    }
  }

  package let title: String
  package let caption: String
  package let x: String
  package let y: String
  package var series: [Series]
  /// Whether the axis may be logarithmic: it is if all values are above 0 and span more than a
  /// decade.
  package var mayBeLogarithmic = false
  /// Whether to clip values far outside the bulk.
  package var showsBulk = false
  /// Whether to draw a line at 0, for values whose sign matters.
  package var hasZeroLine = false
  /// The visible part of the x axis; nil: the range of the points.
  package var range: ClosedRange<Double>?
  /// Positions of vertical lines, such as rungs.
  package var marks: [Double] = []

  package init(
    title: String, caption: String, x: String, y: String, series: [Series],
    mayBeLogarithmic: Bool = false, showsBulk: Bool = false, hasZeroLine: Bool = false,
    range: ClosedRange<Double>? = nil, marks: [Double] = []
  ) {
    self.title = title
    self.caption = caption
    self.x = x
    self.y = y
    self.series = series
    self.mayBeLogarithmic = mayBeLogarithmic
    self.showsBulk = showsBulk
    self.hasZeroLine = hasZeroLine
    self.range = range
    self.marks = marks
  }

  /// The figure; nil if there are no points.
  package var figure: ReportFigure? {
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
    if let range { script.command("set xrange [\(range.lowerBound):\(range.upperBound)]") }
    for mark in marks { script.mark(mark) }
    if hasZeroLine { script.level(0) }
    let shown = series.filter { !$0.points.isEmpty }
    let named = shown.filter { !$0.title.isEmpty }
    for one in shown {
      let block = script.data(Self.thinned(one.points, to: 1000).map { [$0.x, $0.y] })
      script.curve(
        block,
        one.isPoints
          ? "using 1:2 with points pointtype 7 pointsize 0.5 \(one.look.colour)"
          : one.points.count < 3
            ? "using 1:2 with linespoints \(one.look.line) pointtype 7 pointsize 0.5"
            : "using 1:2 with lines \(one.look.line)",
        title: one.title.isEmpty || (named.count == 1 && !one.isPoints) ? nil : one.title)
    }
    var figure = ReportFigure(
      title: title, caption: caption + (isCut ? " What lies far outside is not shown." : ""),
      script: script, table: table)
    figure.height += Self.legendHeight(named.map(\.title), width: figure.width)
    return figure
  }

  /// The height of the legend above the plot beyond its first line, in pixels.
  package static func legendHeight(_ titles: [String], width: Int) -> Int {
    let widest = min(titles.map(\.count).max() ?? 0, GnuplotScript.longestTitle)
    // A character is about 7 pixels wide; a sample of the curve takes another 50.
    let columns = min(3, max(1, width / (7 * widest + 50)))
    let rows = (titles.count + columns - 1) / columns
    return 20 * max(0, rows - 1)
  }

  /// The values of every curve at up to 20 positions of the x axis.
  private var table: HTMLTable {
    let named = series.filter { !$0.title.isEmpty }
    let places = Set(named.flatMap { $0.points.map(\.x) }).sorted()
    let byPlace = named.map { one in
      Dictionary(one.points.map { ($0.x, $0.y) }) { $1 }
    }
    return HTMLTable(
      header: [x] + named.map(\.title),
      rows: Self.thinned(places, to: 20).map { place in
        [NumberText.wholeOrBrief(place)]
          + byPlace.map { $0[place].map(NumberText.wholeOrBrief) ?? "" }
      })
  }

  /// At most `count` elements, evenly spaced, including the first and the last.
  package static func thinned<Element>(_ elements: [Element], to count: Int) -> [Element] {
    guard elements.count > count else { return elements }
    return (0..<count).map { elements[$0 * (elements.count - 1) / (count - 1)] }
  }
}
