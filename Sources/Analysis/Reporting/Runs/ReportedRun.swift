import DynamicModes
import Hypergradients
import Presentation

/// A run as shown in the report: its name, line style, and axis labels.
struct ReportedRun {
  let record: RecordedRun
  /// A name that is unique on the page.
  let name: String
  /// The line style of all its curves.
  let look: CurveLook

  var windows: [RecordedWindow] { record.windows }

  /// Whether each window is a separate training, so that steps do not measure time.
  var restarts: Bool { windows.count > 1 && windows[1].steps.lowerBound == 1 }

  /// The label of the time axis.
  var axis: String { restarts ? "training" : "inner step" }

  /// The end of a window on the time axis.
  func place(_ window: RecordedWindow) -> Double {
    Double(restarts ? window.window : window.steps.upperBound)
  }

  /// q.
  var hyperparameterCount: Int { windows.first?.count ?? 0 }

  /// The optimizer's tuned hyperparameters, in column order.
  var tunedNames: [String] {
    guard let first = windows.first, record.configuration.method != .none else { return [] }
    return first.hyperparameters.map(\.name).filter { isTuned(Self.family($0)) }
  }

  /// The name without the layer: `learning-rate` for `learning-rate[conv1]`.
  static func family(_ name: String) -> String { String(name.prefix { $0 != "[" }) }

  private func isTuned(_ name: String) -> Bool {
    HyperparameterName(rawValue: name).map { record.configuration.hyperparameters[$0].tuned }
      ?? false
  }

  /// A curve over the windows, with the run's name and colour.
  func series(_ value: (RecordedWindow) -> Double?) -> SeriesPlot.Series {
    SeriesPlot.Series(
      title: name,
      points: windows.compactMap { window in value(window).map { (place(window), $0) } },
      look: look)
  }
}

/// The first window, the middle one and the last.
func milestones<Element>(_ elements: [Element]) -> [(word: String, element: Element)] {
  guard let first = elements.first, let last = elements.last else { return [] }
  guard elements.count > 2 else {
    return elements.count == 1 ? [("only", first)] : [("first", first), ("last", last)]
  }
  return [("first", first), ("middle", elements[elements.count / 2]), ("last", last)]
}
