import Presentation

/// Test accuracy with its spread over seeds.
enum AccuracyFigures {
  static func all(_ trials: ReportedTrials) -> [ReportFigure] {
    if let comparison = trials.record.comparison {
      let tables = AccuracySpread.tables(comparison, trials)
      // A method has the same colour on the whole page.
      var methods: [String] = []
      for name in tables.flatMap(\.spreads).map(\.name) where !methods.contains(name) {
        methods.append(name)
      }
      return tables.compactMap { table in
        figure(
          "Test accuracy, \(table.title)", table.spreads,
          looks: table.spreads.map { .numbered(methods.firstIndex(of: $0.name) ?? 0) })
      }
    }
    let spreads = Array(AccuracySpread.byStart(trials).prefix(mostRows))
    return [
      figure("Test accuracy", spreads, looks: spreads.indices.map(CurveLook.numbered))
    ].compactMap { $0 }
  }

  private static let mostRows = 20

  /// One row each: all seeds as points, mean and standard deviation as a bar.
  private static func figure(
    _ title: String, _ spreads: [AccuracySpread], looks: [CurveLook]
  ) -> ReportFigure? {
    guard spreads.contains(where: { !$0.accuracies.isEmpty }) else { return nil }
    var script = GnuplotScript()
    script.axes(x: "test accuracy, %", y: "")
    let count = spreads.count
    script.command("set yrange [-0.7:\(Double(count) - 0.3)]")
    // The first row is at the top.
    let tics = spreads.enumerated().map {
      "\(GnuplotText.ticLabel($1.name)) \(count - 1 - $0)"
    }
    script.command("set ytics (\(tics.joined(separator: ", ")))")
    script.command("set offsets graph 0.05, graph 0.05, 0, 0")
    for (row, spread) in spreads.enumerated() {
      let y = Double(count - 1 - row)
      guard let all = Spread(of: spread.accuracies) else { continue }
      let points = script.data(spread.accuracies.map { [100 * $0, y] })
      if spread.accuracies.count > 1 {
        let bar = script.data([[100 * all.mean, y, 100 * all.deviation]])
        script.curve(
          bar,
          "using 1:2:3 with xerrorbars linewidth 2 pointtype 9 pointsize 0.9 "
            + looks[row].colour, title: nil)
      }
      script.curve(
        points, "using 1:2 with points pointtype 6 pointsize 0.6 \(looks[row].colour)", title: nil)
    }
    let hasSeeds = spreads.contains { $0.accuracies.count > 1 }
    var figure = ReportFigure(
      title: title,
      caption: hasSeeds
        ? "Circles: seeds; triangle and bar: their mean and standard deviation."
        : "One seed each: a spread needs several (--seeds).",
      script: script,
      table: HTMLTable(
        header: ["", "test accuracy", "seeds", "failed"],
        rows: spreads.map {
          [$0.name, $0.text, "\($0.accuracies.count)", "\($0.failures)"]
        }))
    figure.height = 110 + 26 * count
    return figure
  }
}
