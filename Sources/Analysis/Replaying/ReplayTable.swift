import DynamicModes
import Presentation

/// Means over the windows of a replay: one line per setting and estimator.
struct ReplayTable {
  private struct Row {
    let setting: ReplaySetting
    let estimator: Estimator
    var windows = 0
    var fallbacks = 0
    var sum: [Double] = []
    var summed = 0
    var radius = RunningMean()
    var withRecorded = MeanAgreement()
    var withTailMean = MeanAgreement()
  }

  private var rows: [Row] = []

  /// Creates an empty table.
  init(_ grid: ReplayGrid) {
    rows = grid.settings.flatMap { setting in
      grid.estimators.map { Row(setting: setting, estimator: $0) }
    }
  }

  /// Adds a window.
  ///
  /// - Parameter index: the index of its setting and estimator, settings first.
  mutating func add(_ window: ReplayedWindow, at index: Int) {
    rows[index].windows += 1
    if window.fallback != nil { rows[index].fallbacks += 1 }
    if let estimate = window.estimate {
      if rows[index].sum.isEmpty { rows[index].sum = Array(repeating: 0, count: estimate.count) }
      for (place, value) in estimate.enumerated() { rows[index].sum[place] += value }
      rows[index].summed += 1
    }
    if let radius = window.spectralRadius { rows[index].radius.add(radius) }
    if let agreement = window.withRecorded { rows[index].withRecorded.add(agreement) }
    if let agreement = window.withTailMean { rows[index].withTailMean.add(agreement) }
  }

  /// The lines for a terminal.
  var lines: [String] {
    TextTable(
      header: [
        "observed", "stacks", "rank", "tolerance", "estimator", "mean estimate", "cos", "sign",
        "dist", "cos-tail", "sign-tail", "dist-tail", "fallbacks", "radius",
      ], rows: rows.map(Self.cells), leftAligned: [2, 4, 5]
    ).lines
  }

  private static func cells(_ row: Row) -> [String] {
    let modes = row.setting.modes
    let agreements = (row.withRecorded.values + row.withTailMean.values).map { value in
      value.map(NumberText.brief) ?? "-"
    }
    return [
      "\(row.setting.observed)", "\(modes.stacks)", modes.rank.printed, modes.tolerance.printed,
      row.estimator.rawValue, mean(row),
    ] + agreements
      + ["\(row.fallbacks)/\(row.windows)", row.radius.value.map(NumberText.brief) ?? "-"]
  }

  /// The mean estimate if it fits on a line, otherwise its norm and number of entries.
  private static func mean(_ row: Row) -> String {
    guard row.summed > 0 else { return "-" }
    let mean = row.sum.map { $0 / Double(row.summed) }
    guard mean.count > 5 else { return mean.map(NumberText.brief).joined(separator: " ") }
    let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return "length \(NumberText.brief(length)) of \(mean.count)"
  }
}
