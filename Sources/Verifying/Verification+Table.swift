import Hypergradients
import Presentation
import Runs

// The output on a terminal.
extension Verification {
  /// The maximum number of rows in the table; `verify.json` has all.
  private static let mostRows = 20
  /// The maximum number of hyperparameters with their own columns in the table.
  private static let mostNames = 6

  /// The table with its surrounding text, in the terminal's width or in 80 columns.
  var table: [String] { table(columns: Terminal()?.width ?? 80) }

  /// The same in a given width, with as many of the numbers as fit.
  func table(columns: Int) -> [String] {
    let ranking = ranking
    let own = ranking.firstIndex(where: isOwn)
    var shown = Array(ranking.indices.prefix(Self.mostRows))
    if let own, !shown.contains(own) { shown.append(own) }
    let rows = shown.map { index -> [String] in
      let marks = (index == 0 ? "*" : "") + (index == own ? ">" : "")
      return [marks] + words(ranking[index])
    }
    let header =
      ["", "columns", "estimator", "signs %", "clear %", "cosine", "error"] + names(short: true)
      + ["fallbacks"]
    // From the end, where the least important columns are.
    var count = header.count
    func lines() -> [String] {
      TextTable(
        header: Array(header.prefix(count)), rows: rows.map { Array($0.prefix(count)) },
        leftAligned: [0, 1, 2]
      ).lines
    }
    while count > 5, lines().contains(where: { $0.count > columns }) { count -= 1 }
    var notes = [
      "* the most right signs" + (own == nil ? "" : "; > what the configuration asks for")
    ]
    let hidden = ranking.count - shown.count
    var missing = hidden > 0 ? ["\(hidden) more rows"] : []
    missing += header.dropFirst(count)
    if !missing.isEmpty { notes.append("only in verify.json: \(missing.joined(separator: ", "))") }
    return head + [""] + lines() + [""] + notes + self.notes + differences
  }

  private func words(_ score: EstimatorScore) -> [String] {
    let family = score.decay.isReset ? "reset" : score.decay.brief
    return [
      family, score.estimator.rawValue, Self.plusMinus(score.signShare, 100),
      Self.percent(score.clearSigns.share), Self.plusMinus(score.cosine, 1),
      score.relativeError.map { NumberText.brief($0.quartiles.median) } ?? "–",
    ] + names(short: false).indices.map { Self.percent(score.signs[$0].share) }
      + ["\(score.fallbacks + score.unanswered) of \(score.samples + score.unanswered)"]
  }

  /// The hyperparameters with their own columns; empty if there are many.
  private func names(short: Bool) -> [String] {
    guard names.count <= Self.mostNames else { return [] }
    return short ? names.map { "\(Progress.shortName($0)) %" } : names
  }

  private var head: [String] {
    let horizon =
      settings.horizon.map { "\($0) steps from the window's start" }
      ?? "step \(configuration.inner.steps)"
    return [
      "\(preset): \(windows.count) window(s) of \(runs.count) run(s), method "
        + "\(configuration.method.rawValue), \(names.count) \(columnWord)",
      "truth: φ frozen, columns from the window's start, h averaged over the last",
      "\(settings.average) step(s) up to \(horizon)",
    ]
  }

  private var columnWord: String {
    configuration.columns == .exact ? "hyperparameter(s)" : "column(s)"
  }

  private var notes: [String] {
    var lines = [
      "columns: reset at every window's start, or carried over it times that",
      "signs, cosine: mean ± standard deviation over windows and seeds",
      "error: median of the relative error",
    ]
    if let (clear, all) = clearSigns {
      lines.append(
        "clear: the \(clear) of \(all) true entries larger than their own standard error")
      lines.append("half of the signs are right by chance")
    }
    let cosines = windows.compactMap(\.window.mappedCosine)
    if let least = cosines.min() {
      lines.append("columns in function space: cosine of the mapped h with that of exact")
      lines.append("adjoints at the end of \(cosines.count) window(s): at least \(least)")
    }
    for run in runs {
      if let failure = run.failure { lines.append("seed \(run.seed) ended early: \(failure)") }
      for window in run.windows where window.truth == nil {
        lines.append(
          "seed \(run.seed), window \(window.window): no truth, for training on with φ frozen "
            + "diverged")
      }
    }
    return lines
  }

  private var differences: [String] {
    let lines = windows.flatMap { seed, window in
      window.differences.map { difference in
        let truth = window.truth?.mean[difference.entry] ?? .nan
        let error = abs(difference.value - truth) / abs(truth)
        return "  seed \(seed), window \(window.window), \(names[difference.entry]): "
          + "\(NumberText.brief(difference.value)), \(NumberText.brief(truth)); "
          + "relative error \(NumberText.brief(error))"
      }
    }
    let step = NumberText.brief(settings.differenceStep)
    return lines.isEmpty ? [] : ["by finite differences over ±\(step), and by columns:"] + lines
  }

  private static func plusMinus(_ spread: Spread?, _ unit: Double) -> String {
    guard let spread else { return "–" }
    return fixed(unit * spread.mean, unit) + " ± " + fixed(unit * spread.deviation, unit)
  }

  /// A number with two decimals, or as an integer percentage.
  private static func fixed(_ value: Double, _ unit: Double) -> String {
    if unit != 1 { return "\(Int(value.rounded()))" }
    let hundredths = Int((100 * abs(value)).rounded())
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private static func percent(_ share: Double?) -> String {
    share.map { fixed(100 * $0, 100) } ?? "–"
  }
}
