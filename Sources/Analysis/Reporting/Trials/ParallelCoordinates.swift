import Glibc
import Presentation

/// Every trial as a line across vertical axes: its starting values and its result.
enum ParallelCoordinates {
  /// An axis with a position in 0 … 1 for each trial; nil for a trial without a value.
  private struct Axis {
    let name: String
    let places: [Double?]
    let tics: [(place: Double, text: String)]
  }

  /// The figure; nil if the trials do not differ.
  static func figure(_ trials: ReportedTrials) -> ReportFigure? {
    let differing = trials.axes.prefix(mostAxes).compactMap { axis in
      axis.numbers.map { numeric(axis.name, $0.map { $0 }) } ?? categories(axis)
    }
    let results = [
      numeric(trials.criterion, trials.trials.indices.map(trials.lastValue)),
      numeric(
        "test accuracy, %", trials.record.progress.map { $0.testAccuracy.map { 100 * $0 } }),
    ]
    let axes = differing + results.filter { $0.places.contains { $0 != nil } }
    guard !differing.isEmpty, axes.count > 1 else { return nil }
    var script = GnuplotScript()
    script.command("unset border\nunset xtics\nunset ytics\nunset grid")
    script.command("set xrange [-0.35:\(Double(axes.count) - 0.45)]")
    script.command("set yrange [-0.04:1.16]")
    for (x, axis) in axes.enumerated() { draw(axis, at: x, in: &script) }
    for trial in trials.drawingOrder {
      let points = axes.enumerated().compactMap { x, axis in
        axis.places[trial].map { [Double(x), $0] }
      }
      guard points.count > 1 else { continue }
      script.curve(
        script.data(points), "using 1:2 with lines \(trials.look(trial).line)",
        title: trials.isShown(trial) ? "trial \(trials.trials[trial].number)" : nil)
    }
    var figure = ReportFigure(
      title: "Parallel coordinates",
      caption: "A line is a trial: where it started, how it was last seen, what it came to. Grey: "
        + "left early, failed, or not among the best.",
      script: script, table: TrialTables.all(trials))
    figure.width = max(560, 150 * axes.count + 60)
    figure.height = 380
    return figure
  }

  private static let mostAxes = 8

  private static func draw(_ axis: Axis, at x: Int, in script: inout GnuplotScript) {
    script.command(
      "set arrow from first \(x), first 0 to first \(x), first 1 nohead back \(GnuplotScript.rule)")
    script.label(axis.name, x: Double(x), y: 1.1, "center")
    for tic in axis.tics { script.label(tic.text, x: Double(x) + 0.04, y: tic.place, "left front") }
  }

  /// From the smallest value to the largest, logarithmic if they span more than a decade.
  private static func numeric(_ name: String, _ values: [Double?]) -> Axis {
    let finite = values.map { $0.flatMap { $0.isFinite ? $0 : nil } }
    guard let least = finite.compactMap({ $0 }).min(), let most = finite.compactMap({ $0 }).max()
    else { return Axis(name: name, places: finite.map { _ in nil }, tics: []) }
    guard most > least else {
      return Axis(
        name: name, places: finite.map { $0.map { _ in 0.5 } },
        tics: [(0.5, NumberText.wholeOrBrief(least))])
    }
    let isLogarithmic = least > 0 && most > 10 * least
    func scaled(_ value: Double) -> Double { isLogarithmic ? log(value) : value }
    let (low, high) = (scaled(least), scaled(most))
    func place(_ value: Double) -> Double { (scaled(value) - low) / (high - low) }
    let distinct = Set(finite.compactMap { $0 }).sorted()
    let marked =
      distinct.count <= 5
      ? distinct
      : (0...4).map { step in
        let value = low + Double(step) / 4 * (high - low)
        return isLogarithmic ? exp(value) : value
      }
    return Axis(
      name: name, places: finite.map { $0.map(place) },
      tics: marked.map { (place($0), NumberText.wholeOrBrief($0)) })
  }

  /// Texts in order of appearance, evenly spaced.
  private static func categories(_ axis: TrialAxis) -> Axis {
    var texts: [String] = []
    for text in axis.texts where !texts.contains(text) { texts.append(text) }
    func place(_ index: Int) -> Double {
      texts.count > 1 ? Double(index) / Double(texts.count - 1) : 0.5
    }
    return Axis(
      name: axis.name, places: axis.texts.map { texts.firstIndex(of: $0).map(place) },
      tics: texts.count > 24 ? [] : texts.enumerated().map { (place($0), $1) })
  }
}
