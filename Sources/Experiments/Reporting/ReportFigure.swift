/// A picture of the report with the numbers behind it.
struct ReportFigure {
  let title: String
  let caption: String
  let script: GnuplotScript
  /// Pixels.
  var width = 560
  var height = 340
  let table: HTMLTable
}

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
    return ReportFigure(
      title: title, caption: caption + (isCut ? " What lies far outside is not shown." : ""),
      script: script, table: table)
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

/// Numbers as the page shows them.
enum ReportNumber {
  /// Whole numbers in full, others with three significant digits.
  static func text(_ value: Double) -> String {
    value.rounded() == value && abs(value) < 1e9 ? "\(Int(value))" : Progress.brief(value)
  }

  /// The same for what may be missing.
  static func text(_ value: Double?) -> String { value.map { text($0) } ?? "" }
}

/// Places in a sorted row of numbers.
struct Quantiles {
  private let sorted: [Double]

  /// Those of the finite numbers.
  init(_ values: [Double]) { sorted = values.filter(\.isFinite).sorted() }

  /// The value below which a share of them lies, 0 … 1, between neighbours by a straight line.
  func value(_ share: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let place = share * Double(sorted.count - 1)
    let index = Int(place)
    guard index + 1 < sorted.count else { return last }
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
  }

  /// A range with room around the middle nine tenths; nil where the rest is not far off.
  var bulk: ClosedRange<Double>? {
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let (low, high) = (value(0.05), value(0.95))
    let room = 0.35 * (high - low)
    guard room > 0, first < low - 3 * room || last > high + 3 * room else { return nil }
    return (low - room)...(high + room)
  }
}
