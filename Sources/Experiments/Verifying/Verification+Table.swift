import Hypergradients

// What a terminal shows.
extension Verification {
  /// Hyperparameters that have columns of their own in the table.
  private static let mostNames = 6

  /// The table with what stands around it.
  var table: [String] {
    let hasColumns = names.count <= Self.mostNames
    var rows = [
      ["family", "estimator", "cosine", "signs %", "clear %"] + (hasColumns ? names : [])
        + ["relative error", "fallbacks"]
    ]
    for score in scores {
      rows.append(
        [
          score.familyName, score.estimator.rawValue, Self.plusMinus(score.cosine, 1),
          Self.plusMinus(score.signShare, 100), Self.percent(score.clearSigns.share),
        ] + (hasColumns ? score.signs.map { Self.percent($0.share) } : [])
          + [
            Self.quartiles(score.relativeError),
            "\(score.fallbacks + score.unanswered) of \(score.samples + score.unanswered)",
          ])
    }
    return head + [""] + Self.aligned(rows) + [""] + notes + differences
  }

  private var head: [String] {
    let horizon =
      settings.horizon.map { "\($0) steps from the window's start" }
      ?? "step \(configuration.inner.steps)"
    return [
      "\(preset): \(windows.count) window(s) of \(runs.count) run(s), method "
        + "\(configuration.method.rawValue), \(names.count) hyperparameter(s)",
      "truth: φ frozen, columns from the window's start, h averaged over the last "
        + "\(settings.average) step(s) up to \(horizon)",
    ]
  }

  private var notes: [String] {
    var lines = [
      "cosine and signs: mean ± standard deviation over windows and seeds; relative error: median "
        + "(quartiles)"
    ]
    if let (clear, all) = clearSigns {
      lines.append(
        "clear: the \(clear) of \(all) true entries that are larger than their own standard error; "
          + "half of the signs are right by chance")
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
    windows.flatMap { seed, window in
      window.differences.map { difference in
        let truth = window.truth?.mean[difference.entry] ?? .nan
        let error = abs(difference.value - truth) / abs(truth)
        return "differences over ±\(Progress.brief(settings.differenceStep)), seed \(seed), window "
          + "\(window.window), \(names[difference.entry]): \(Progress.brief(difference.value)); by "
          + "columns \(Progress.brief(truth)), relative error \(Progress.brief(error))"
      }
    }
  }

  private static func plusMinus(_ spread: Spread?, _ unit: Double) -> String {
    guard let spread else { return "–" }
    return fixed(unit * spread.mean, unit) + " ± " + fixed(unit * spread.deviation, unit)
  }

  /// Hundredths, or whole percents.
  private static func fixed(_ value: Double, _ unit: Double) -> String {
    if unit != 1 { return "\(Int(value.rounded()))" }
    let hundredths = Int((100 * abs(value)).rounded())
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    return "\(sign)\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private static func percent(_ share: Double?) -> String {
    share.map { fixed(100 * $0, 100) } ?? "–"
  }

  private static func quartiles(_ spread: Spread?) -> String {
    guard let (lower, median, upper) = spread?.quartiles else { return "–" }
    return "\(Progress.brief(median)) (\(Progress.brief(lower))–\(Progress.brief(upper)))"
  }

  /// The first two columns to the left, the others to the right.
  private static func aligned(_ rows: [[String]]) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in
      rows.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        return column < 2 ? cell + gap : gap + cell
      }.joined(separator: "  ")
    }
  }
}
