import DynamicModes
import Hypergradients

/// A key whose value differs between the configuration of a run and the one it is to go on with.
struct ConfigurationChange: Equatable {
  let key: String
  /// As printed; nil where the key did not apply.
  let before: String?
  let after: String?

  /// The key with both values, such as `inner.batch: 128 -> 64`.
  var description: String { "\(key): \(before ?? "none") -> \(after ?? "none")" }

  /// All keys that differ, in the order of the settings.
  static func all(
    from before: Configuration, to after: Configuration
  ) -> [ConfigurationChange] {
    Configuration.settings.compactMap { setting in
      let change = ConfigurationChange(
        key: setting.key, before: setting.print(before), after: setting.print(after))
      return change.before == change.after ? nil : change
    }
  }

  /// Those that would make another run of it.
  ///
  /// What decides no number of the training may change, and training may go on for longer where what
  /// was trained so far did not look ahead to its end.
  static func forbidden(
    from before: Configuration, to after: Configuration
  ) -> [ConfigurationChange] {
    all(from: before, to: after).filter { change in
      if change.key == "inner.steps" {
        return after.inner.steps < before.inner.steps || before.looksAhead
      }
      return !free.contains(change.key)
    }
  }

  /// Those of keys that decide numbers at all.
  static func deciding(
    from before: Configuration, to after: Configuration
  ) -> [ConfigurationChange] {
    all(from: before, to: after).filter { !free.contains($0.key) }
  }

  private static let free: Set = [
    "parallel.grid", "parallel.threads", "parallel.trajectory-memory", "checkpoint.every",
    "checkpoint.keep", "evaluation.interval", "evaluation.baseline", "watchdog.seconds",
    // Which images there are is another matter; this only lets them pass.
    "data.partial",
  ]
}

extension Configuration {
  /// Whether a window's update depends on how many steps will follow.
  fileprivate var looksAhead: Bool {
    if inner.schedule != .constant { return true }
    return switch method {
    case .none: false
    case .local, .truncatedGlobal: window.carry == .remaining
    case .glocal: estimator == .dmdHorizon || window.carry == .remaining
    case .global, .globalRestart: true
    }
  }
}
