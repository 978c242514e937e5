import Hypergradients
import Storage

/// The totals of a run's recorder over its windows.
package struct RecordedProgress: Equatable {
  /// The number of recorded windows.
  package var windows = 0
  /// The values of the optimizer's tuned hyperparameters before the first window and after each.
  package var schedule: [[Double]] = []
  package var seconds = PhaseSeconds()
  /// The number of windows in which an estimator other than the requested one was used.
  package var fallbacks = 0
  /// How often updates took a hyperparameter beyond its limits, by column.
  package var projections: [String: Int] = [:]
  /// The seconds spent tuning, including earlier starts.
  package var elapsed = 0.0
  /// The marks of the growing files, by name.
  package var files: [String: FileMark] = [:]

  package init(
    windows: Int = 0, schedule: [[Double]] = [], seconds: PhaseSeconds = PhaseSeconds(),
    fallbacks: Int = 0, projections: [String: Int] = [:], elapsed: Double = 0.0,
    files: [String: FileMark] = [:]
  ) {
    self.windows = windows
    self.schedule = schedule
    self.seconds = seconds
    self.fallbacks = fallbacks
    self.projections = projections
    self.elapsed = elapsed
    self.files = files
  }

  /// Adds a window.
  package mutating func add(_ window: WindowRecord) {
    windows += 1
    if schedule.isEmpty { schedule.append(window.before.tuned.map(\.value)) }
    schedule.append(window.after.tuned.map(\.value))
    seconds += window.seconds
    if window.estimate?.fallback != nil { fallbacks += 1 }
    for name in window.projected { projections[name, default: 0] += 1 }
  }
}

extension PhaseSeconds {
  /// Adds phase by phase.
  static func += (sum: inout PhaseSeconds, more: PhaseSeconds) {
    sum.training += more.training
    sum.validation += more.validation
    sum.estimation += more.estimation
    sum.update += more.update
  }
  /// The totals as JSON.
  var json: JSONValue {
    [
      "training": .number(training), "validation": .number(validation),
      "estimation": .number(estimation), "update": .number(update),
    ]
  }
}
