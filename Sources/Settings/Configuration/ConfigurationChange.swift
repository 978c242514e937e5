import DynamicModes
import Hypergradients

/// A key whose value differs between the configuration of a run and the one it is to go on with.
package struct ConfigurationChange: Equatable {
  package let key: String
  /// As printed; nil where the key did not apply.
  package let before: String?
  package let after: String?

  /// Why it makes another run of it, where the key itself does not say.
  package var reason: String?

  /// The key with both values, such as `inner.batch: 128 -> 64`, and the reason.
  package var description: String {
    "\(key): \(before ?? "none") -> \(after ?? "none")" + (reason.map { ", but \($0)" } ?? "")
  }

  /// Several of them, for a sentence.
  package static func list(_ changes: [ConfigurationChange]) -> String {
    changes.map(\.description).joined(separator: "; ")
  }

  /// All keys that differ, in the order of the settings.
  package static func all(
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
  /// was trained so far did not look ahead to its end. More patience changes no window.
  package static func forbidden(
    from before: Configuration, to after: Configuration
  ) -> [ConfigurationChange] {
    all(from: before, to: after).compactMap { change in
      // Where an own model lies decides nothing; what is in it is checked when it is read.
      if change.key == "network", before.network.path != nil, after.network.path != nil {
        return nil
      }
      if change.key == "inner.patience" { return after.isMorePatient(than: before) ? nil : change }
      guard change.key == "inner.steps" else { return free.contains(change.key) ? nil : change }
      if after.inner.steps < before.inner.steps { return change }
      guard let reason = before.lookingAhead else { return nil }
      var change = change
      change.reason = reason
      return change
    }
  }

  /// Those of keys that decide numbers at all.
  package static func deciding(
    from before: Configuration, to after: Configuration
  ) -> [ConfigurationChange] {
    all(from: before, to: after).filter {
      !free.contains($0.key)
        && !($0.key == "network" && before.network.path != nil && after.network.path != nil)
    }
  }

  private static let free: Set = [
    "parallel.grid", "parallel.trajectory-memory", "checkpoint.every",
    "checkpoint.keep", "evaluation.interval", "evaluation.baseline", "watchdog.seconds",
    // Which images there are is another matter; this only lets them pass.
    "data.partial", "data.train", "data.test", "data.validation-file", "data.train-targets",
    "data.test-targets", "data.validation-targets",
  ]
}

extension Configuration {
  /// Whether training ends early later than with another configuration, or never.
  package func isMorePatient(than other: Configuration) -> Bool {
    guard let before = other.inner.patience else { return false }
    return inner.patience.map { $0 > before } ?? true
  }

  /// Why what was trained so far would be another in a longer run: what has gone by the steps to come;
  /// nil where nothing has.
  fileprivate var lookingAhead: String? {
    if inner.schedule != .constant {
      return "inner.schedule is \(inner.schedule.rawValue): the learning rate of every step so far "
        + "went by where training ends"
    }
    return switch method.rule.foresight(tuningSettings(method, .forward)) {
    case nil: nil
    case .carry:
      "window.carry is \(window.carry.printed): every window so far went by the steps that were "
        + "left"
    case .estimator:
      "estimator is \(estimator.rawValue): every estimate so far looked ahead to the end of training"
    case .method:
      "method is \(method.rawValue): every update so far looked ahead to the end of training"
    }
  }
}
