import Hypergradients

/// What the recorder of a run adds up over its windows.
struct RecordedProgress: Equatable {
  /// The windows recorded.
  var windows = 0
  /// The values of the optimizer's tuned hyperparameters before the first window and after each.
  var schedule: [[Double]] = []
  var seconds = PhaseSeconds()
  /// The windows in which another estimator was used than was asked for.
  var fallbacks = 0
  /// How often an update took a hyperparameter beyond its limits, by column.
  var projections: [String: Int] = [:]
  /// Seconds of tuning, those of earlier starts included.
  var elapsed = 0.0
  /// How far the files that grow had come, by name.
  var files: [String: FileMark] = [:]

  /// Takes a window in.
  mutating func add(_ window: WindowRecord) {
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
}
