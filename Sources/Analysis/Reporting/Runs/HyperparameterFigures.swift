import Hypergradients
import Presentation

/// The hyperparameters over time.
enum HyperparameterFigures {
  /// The maximum number of curves in one figure; beyond that, quantiles are drawn.
  static let mostCurves = 12

  /// One figure for each optimizer hyperparameter that some run tunes, and one for φ of the
  /// training loss.
  static func all(_ runs: [ReportedRun]) -> [ReportFigure] {
    var families: [String] = []
    for name in runs.flatMap(\.tunedNames).map(ReportedRun.family) where !families.contains(name) {
      families.append(name)
    }
    return families.flatMap { schedules(of: $0, runs) } + runs.compactMap(lossFigure)
  }

  /// Every run has a curve, tuned or not, unless layers have their own values.
  private static func schedules(of family: String, _ runs: [ReportedRun]) -> [ReportFigure] {
    let shared = runs.filter { columns(of: family, $0).count == 1 }
    let together = SeriesPlot(
      title: family, caption: caption(family, shared),
      x: shared.first?.axis ?? "", y: family,
      series: shared.map { run in
        run.series { $0.hyperparameters.first { $0.name == family }?.value }
      }, mayBeLogarithmic: true)
    let layered = runs.filter { columns(of: family, $0).count > 1 }
    return [together.figure].compactMap { $0 } + layered.compactMap { layers(of: family, $0) }
  }

  private static func caption(_ family: String, _ runs: [ReportedRun]) -> String {
    let isMultiplied =
      family == HyperparameterName.learningRate.rawValue
      && runs.contains {
        !$0.record.configuration.tuningSettings(.none, .forward).rateSchedule.isConstant
      }
    return "The value that training used in each window"
      + (isMultiplied ? ", before inner.schedule and inner.warmup multiplied it." : ".")
  }

  private static func columns(of family: String, _ run: ReportedRun) -> [Int] {
    guard let first = run.windows.first else { return [] }
    return first.hyperparameters.indices.filter {
      ReportedRun.family(first.hyperparameters[$0].name) == family
    }
  }

  private static func layers(of family: String, _ run: ReportedRun) -> ReportFigure? {
    let columns = columns(of: family, run)
    let title = "\(family) of the layers, \(run.name)"
    guard columns.count <= mostCurves, let first = run.windows.first else {
      return quantiles(
        run, title: title, y: family, mayBeLogarithmic: true,
        caption: "Quantiles over \(columns.count) layers."
      ) { window in columns.map { window.hyperparameters[$0].value } }
    }
    return SeriesPlot(
      title: title, caption: caption(family, [run]), x: run.axis, y: family,
      series: columns.enumerated().map { place, column in
        SeriesPlot.Series(
          title: first.hyperparameters[column].name,
          points: run.series { $0.hyperparameters[column].value }.points,
          look: .numbered(place))
      }, mayBeLogarithmic: true
    ).figure
  }

  /// φ of the training loss: the entries after those of the optimizer.
  private static func lossFigure(_ run: ReportedRun) -> ReportFigure? {
    let (tuned, count) = (run.tunedNames.count, run.hyperparameterCount)
    guard count > tuned, run.record.configuration.method != .none,
      run.windows.allSatisfy({ $0.raw.count == count })
    else { return nil }
    let title = "φ of the training loss, \(run.name)"
    let start = run.windows.first?.raw ?? []
    guard count - tuned <= mostCurves else {
      return quantiles(
        run, title: title, y: "raw number, from its start",
        caption: "How far the \(count - tuned) numbers went from where they started: quantiles."
      ) { window in zip(window.raw, start).dropFirst(tuned).map { $0 - $1 } }
    }
    return SeriesPlot(
      title: title, caption: "Before the transform.", x: run.axis, y: "raw number",
      series: (tuned..<count).map { column in
        SeriesPlot.Series(
          title: "\(column - tuned)", points: run.series { $0.raw[column] }.points,
          look: .numbered(column - tuned))
      }
    ).figure
  }

  private static func quantiles(
    _ run: ReportedRun, title: String, y: String, mayBeLogarithmic: Bool = false, caption: String,
    _ values: (RecordedWindow) -> [Double]
  ) -> ReportFigure? {
    let shares = [
      ("largest", 1.0), ("95 %", 0.95), ("75 %", 0.75), ("median", 0.5), ("25 %", 0.25),
      ("5 %", 0.05), ("least", 0.0),
    ]
    let rows = run.windows.map { (run.place($0), Quantiles(values($0))) }
    return SeriesPlot(
      title: title, caption: caption, x: run.axis, y: y,
      series: shares.enumerated().map { place, share in
        SeriesPlot.Series(
          title: share.0, points: rows.map { ($0.0, $0.1.value(share.1)) },
          look: CurveLook(
            place: min(place, shares.count - 1 - place), dash: place == 3 ? 1 : 2))
      }, mayBeLogarithmic: mayBeLogarithmic
    ).figure
  }
}
