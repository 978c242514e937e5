import Foundation
import Presentation

/// The eigenvalues of the windows' modes.
enum SpectrumFigures {
  /// One figure of the complex plane for each run with modes, and the spectral radius over time.
  static func all(_ runs: [ReportedRun]) -> [ReportFigure] {
    let radius = SeriesPlot(
      title: "Spectral radius",
      caption: "Largest |λ| of each window; above 1 its hypergradients grow.",
      x: runs.first?.axis ?? "", y: "largest |λ|", series: runs.map { $0.series(\.spectralRadius) },
      showsBulk: true)
    return runs.compactMap(plane) + [radius.figure].compactMap { $0 }
  }

  private static func plane(_ run: ReportedRun) -> ReportFigure? {
    let chosen = milestones(run.windows.filter { !$0.eigenvalues.isEmpty })
    guard !chosen.isEmpty else { return nil }
    let all = chosen.flatMap(\.element.eigenvalues)
    let largest = all.map { max(abs($0.real), abs($0.imaginary)) }.max() ?? 1
    // A single outlying eigenvalue must not shrink the circle to a dot.
    let range = min(2, max(1.15, 1.1 * largest))
    let hidden = all.count { max(abs($0.real), abs($0.imaginary)) > range }
    var script = GnuplotScript()
    script.axes(x: "real part", y: "imaginary part")
    script.command("set size ratio -1")
    script.command("set xrange [\(-range):\(range)]")
    script.command("set yrange [\(-range):\(range)]")
    let circle = script.data(
      (0...180).map { [cos(Double($0) * .pi / 90), sin(Double($0) * .pi / 90)] })
    script.curve(circle, "using 1:2 with lines linewidth 1 linecolor rgb '#9a9a9a'", title: nil)
    for (place, milestone) in chosen.enumerated() {
      let strongest = milestone.element.eigenvalues.map(\.amplitude).max() ?? 0
      let block = script.data(
        milestone.element.eigenvalues.map { mode in
          let share = strongest > 0 ? (mode.amplitude / strongest).squareRoot() : 1
          return [mode.real, mode.imaginary, 0.35 + 0.75 * share]
        })
      script.curve(
        block,
        "using 1:2:3 with points pointtype 7 pointsize variable linecolor rgb "
          + GnuplotScript.colour(place), title: "window \(milestone.element.window)")
    }
    let outside = hidden > 0 ? " Outside the picture: \(hidden)." : ""
    return ReportFigure(
      title: "Eigenvalues, \(run.name)",
      caption: "λ of the first window, the middle one and the last, larger for larger amplitudes; "
        + "and the unit circle."
        + outside, script: script, width: 440, height: 440, table: table(chosen))
  }

  private static func table(
    _ chosen: [(word: String, element: RecordedWindow)]
  ) -> HTMLTable {
    HTMLTable(
      header: ["window", "real part", "imaginary part", "|λ|", "amplitude"],
      rows: chosen.flatMap { milestone in
        milestone.element.eigenvalues.map { mode in
          ["\(milestone.element.window)"]
            + [mode.real, mode.imaginary, hypot(mode.real, mode.imaginary), mode.amplitude]
            .map { NumberText.wholeOrBrief($0) }
        }
      })
  }
}
