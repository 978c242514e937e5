/// Curves over a common axis.
package struct SeriesPlot {
  /// One curve.
  package struct Series {
    package let title: String
    package let points: [(x: Double, y: Double)]
    /// How it looks.
    package let look: CurveLook
    /// Single points instead of a line.
    package var isPoints = false

    /// A curve; no title where the picture has but one.
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
  /// A logarithmic axis where the values ask for it: all above 0, and over more than a decade.
  package var mayBeLogarithmic = false
  /// Leaves out of sight what lies far outside the bulk of the values.
  package var showsBulk = false
  /// A line at 0, where the sign is what matters.
  package var hasZeroLine = false
  /// The part of the axis that is shown; nil: where there are points.
  package var range: ClosedRange<Double>?
  /// Places of the axis with a line upwards, such as rungs.
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

  /// The picture; nil where there is no point to show.
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

  /// What a legend takes above the picture beyond its first line, in pixels.
  package static func legendHeight(_ titles: [String], width: Int) -> Int {
    let widest = min(titles.map(\.count).max() ?? 0, GnuplotScript.longestTitle)
    // A letter of the pictures is about 7 pixels wide; a sample of the curve takes 50 more.
    let columns = min(3, max(1, width / (7 * widest + 50)))
    let rows = (titles.count + columns - 1) / columns
    return 20 * max(0, rows - 1)
  }

  /// At most 20 places of the axis, with the value of every curve there.
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

  /// At most `count` elements, evenly spread, the first and the last among them.
  package static func thinned<Element>(_ elements: [Element], to count: Int) -> [Element] {
    guard elements.count > count else { return elements }
    return (0..<count).map { elements[$0 * (elements.count - 1) / (count - 1)] }
  }
}
