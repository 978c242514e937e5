import Hypergradients
import Presentation

/// The time spent in each phase.
enum TimeFigures {
  /// For each run the phases on every rank, and the seconds per window.
  static func all(_ runs: [ReportedRun]) -> [ReportFigure] {
    let windows = SeriesPlot(
      title: "Seconds of each window", caption: "All phases, on the first rank.",
      x: runs.first?.axis ?? "", y: "seconds",
      series: runs.map { run in
        run.series { $0.seconds.isEmpty ? nil : $0.seconds.reduce(0) { $0 + $1.value } }
      }, mayBeLogarithmic: true)
    return runs.compactMap(ranks) + [windows.figure].compactMap { $0 }
  }

  /// Stacked bars of phases, one bar per rank.
  private static func ranks(_ run: ReportedRun) -> ReportFigure? {
    guard let phases = phases(run), let ranks = phases.map(\.seconds.count).min(), ranks > 0 else {
      return nil
    }
    var script = GnuplotScript()
    script.axes(x: "rank", y: "seconds")
    script.command("set boxwidth 0.8")
    script.command("set style fill solid 1 noborder")
    script.command("set xrange [-0.7:\(Double(ranks) - 0.3)]")
    script.command("set yrange [0:*]")
    script.command("set xtics \(ranks <= 20 ? 1 : (ranks + 9) / 10)")
    // The tallest sums first: each bar covers the earlier ones up to its own height.
    for last in phases.indices.reversed() {
      let block = script.data(
        (0..<ranks).map { rank in
          [Double(rank), phases[...last].reduce(0) { $0 + $1.seconds[rank] }]
        })
      script.curve(
        block, "using 1:2 with boxes linecolor rgb \(GnuplotScript.colour(last))",
        title: phases[last].name)
    }
    let total = (0..<ranks).map { rank in phases.reduce(0) { $0 + $1.seconds[rank] } }
    return ReportFigure(
      title: "Time by phase and rank, \(run.name)",
      caption:
        "update: gathering, the outer update, and waiting for the root. A rank that waits for "
        + "others inside a sum spends that time in training or validation.",
      script: script,
      table: HTMLTable(
        header: ["rank"] + phases.map(\.name) + ["all"],
        rows: (0..<ranks).map { rank in
          ["\(rank)"] + phases.map { NumberText.wholeOrBrief($0.seconds[rank]) }
            + [NumberText.wholeOrBrief(total[rank])]
        }))
  }

  /// Seconds per phase and rank; for a run in progress, those of the first rank.
  private static func phases(_ run: ReportedRun) -> [(name: String, seconds: [Double])]? {
    if let members = run.record.summary?["seconds_by_rank"]?.members {
      return members.compactMap { member in
        RecordedMembers.numbers(member.value).map { (member.key, $0) }
      }
    }
    guard let first = run.windows.first(where: { !$0.seconds.isEmpty }) else { return nil }
    return first.seconds.enumerated().map { place, phase in
      (
        phase.name,
        [run.windows.reduce(0) { $0 + ($1.seconds.count > place ? $1.seconds[place].value : 0) }]
      )
    }
  }
}
