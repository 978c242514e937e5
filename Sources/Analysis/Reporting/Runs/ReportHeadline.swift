import Presentation
import Storage

/// The results in the words of the terminal, at the top of the page.
enum ReportHeadline {
  /// One line per run, or one for the best of many.
  static func lines(_ runs: [ReportedRun]) -> [String] {
    if runs.count == 1 { return [line(runs[0].record, called: nil)] }
    if runs.count <= mostLines { return runs.map { line($0.record, called: $0.name) } }
    let best = runs.filter { accuracy($0.record) != nil }.max {
      (accuracy($0.record) ?? 0) < (accuracy($1.record) ?? 0)
    }
    return best.map { ["best of \(runs.count): " + line($0.record, called: $0.name)] } ?? []
  }

  private static let mostLines = 8

  private static func accuracy(_ record: RecordedRun) -> Double? {
    record.summary?["test_accuracy"]?.double
  }

  /// `glyphs, glocal, 2026-01-31 23:59: test accuracy 93.95 % (92.05 % with the initial …)`.
  private static func line(_ record: RecordedRun, called name: String?) -> String {
    let origin = record.origin
    let about = [name, origin.preset, record.configuration.method.rawValue, origin.date]
      .compactMap { $0 }
    return about.joined(separator: ", ") + ": " + result(record)
  }

  private static func result(_ record: RecordedRun) -> String {
    guard let summary = record.summary else {
      let all = record.configuration.windowCount
      let last = record.windows.last.map {
        $0.validationAccuracy.isNaN
          ? ", validation loss \(NumberText.brief($0.validationLoss))"
          : ", validation accuracy \(NumberText.percent($0.validationAccuracy))"
      }
      return "unfinished, \(record.windows.count) of \(all) windows" + (last ?? "")
    }
    let loss = summary["test_loss"]?.double.map { ", test loss \(NumberText.brief($0))" } ?? ""
    let seconds = summary["seconds"]?.double.map { ", \(NumberText.brief($0)) s" } ?? ""
    let result =
      accuracy(record).map {
        "test accuracy \(NumberText.percent($0))\(comparison(summary))\(loss)"
      } ?? String(loss.dropFirst(2)) + comparison(summary)
    return result + seconds
  }

  private static func comparison(_ summary: JSONValue) -> String {
    if let untuned = summary["baseline"]?["test_accuracy"]?.double {
      return " (\(NumberText.percent(untuned)) with the initial hyperparameters)"
    }
    if summary["test_accuracy"]?.double == nil,
      let untuned = summary["baseline"]?["test_loss"]?.double
    {
      return " (\(NumberText.brief(untuned)) with the initial hyperparameters)"
    }
    return summary["baseline"]?["diverged"] == nil
      ? "" : " (training with the initial hyperparameters diverges)"
  }
}
