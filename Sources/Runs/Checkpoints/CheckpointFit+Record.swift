import Hypergradients
import Settings
import Storage

// Checks a record against the configuration that the run was trained with.
extension CheckpointFit {
  /// The part of a record that no run of a configuration could have written, or nil.
  package static func contradiction(
    _ record: CheckpointRecord, _ configuration: Configuration
  ) -> String? {
    let progress = record.progress
    let longest = 1e10  // 300 years
    let bounds: [(String, Int, ClosedRange<Int>)] = [
      ("window", record.window, 0...mostWindows), ("step", record.step, 0...mostSteps),
      ("retreats", record.retreats, 0...1000),
      ("pending_retreats", record.pendingRetreats.count, 0...max(0, record.retreats)),
      ("outer_step", record.outerStep, 0...max(0, record.window)),
      ("fallbacks", progress.fallbacks, 0...max(0, record.window)),
      ("origin_step", record.originStep ?? 0, 0...max(0, record.step)),
      ("best step", record.best?.step ?? 0, 0...max(0, record.step)),
    ]
    for (name, value, range) in bounds where !range.contains(value) {
      return "its \(name) is \(value) after window \(record.window), and can be "
        + "\(range.lowerBound) to \(range.upperBound)"
    }
    for retreat in record.pendingRetreats where !(0...mostSteps).contains(retreat.divergence.step) {
      return "a retreat at step \(retreat.divergence.step)"
    }
    let seconds = progress.seconds
    let times = [
      progress.elapsed, seconds.training, seconds.validation, seconds.estimation, seconds.update,
    ]
    guard times.allSatisfy({ abs($0) <= longest }), progress.elapsed >= 0 else {
      return "its seconds make no sense"
    }
    return record.isForced ? nil : difference(record, configuration)
  }

  /// Checks the values that the configuration determines exactly, given that it was the whole
  /// run's, apart from its length.
  private static func difference(
    _ record: CheckpointRecord, _ configuration: Configuration
  ) -> String? {
    let window = record.window
    let settings = configuration.tuningSettings(configuration.method, record.mode)
    let updates = settings.method.rule.updates(in: window, settings)
    if record.outerStep != updates {
      return "its outer_step is \(record.outerStep) after window \(window), not \(updates)"
    }
    if window > configuration.windowCount {
      return "it is of window \(window), and the run has \(configuration.windowCount)"
    }
    let step = settings.step(after: window)
    if record.step != step {
      return "its step is \(record.step) after window \(window), not \(step)"
    }
    if record.mode == .implicit, settings.method.rule.mode != .implicit {
      return "its mode is implicit, and the run's method is \(settings.method.rawValue)"
    }
    if configuration.mode == .forward, settings.method.rule.mode == nil, record.mode != .forward {
      return "its mode is \(record.mode.rawValue), and the run's is forward"
    }
    let playout = settings.method.rule.playoutStart(after: window, settings)
    let origin = record.mode == .reverse ? playout.map(settings.step(after:)) : nil
    if record.originStep != origin {
      return "its origin_step is \(record.originStep.map { "\($0)" } ?? "missing") after window "
        + "\(window) in mode \(record.mode.rawValue)"
    }
    let hasColumns = settings.needsColumns(after: window)
    if record.hasColumns != hasColumns {
      return "it says that it \(hasColumns ? "does not hold" : "holds") columns"
    }
    return nil
  }

  /// The legal range of inner.steps and the like.
  private static let mostSteps = 1_000_000_000
  private static let mostWindows = mostSteps

  /// The same for the values over the windows, before they are read.
  package static func contradiction(
    schedule file: SafeTensorsFile, _ record: CheckpointRecord
  ) -> String? {
    guard let shape = file.shape(of: "schedule"), shape.count == 2,
      shape[0] == record.scheduleRows, shape[1] >= 0, shape[1] < 1_000_000_000
    else {
      return "its schedule is \(file.shape(of: "schedule").map { "\($0)" } ?? "missing") after "
        + "window \(record.window)"
    }
    return nil
  }
}

extension CheckpointRecord {
  /// The number of rows: values before the first window and after each.
  package var scheduleRows: Int { window == 0 ? 0 : window + 1 }
}
