import DynamicModes
import Settings

/// Settings for estimating the limits of recorded windows: σ, and the settings of the modes.
package struct ReplaySetting: Equatable, Sendable {
  /// σ: the number of a window's last hypergradients to use.
  package var observed: Int
  /// m, rank rule, tolerance and the other settings.
  package var modes: DynamicModeSettings

  /// The settings without the tolerance: those that are equal share their modes.
  var withoutTolerance: ReplaySetting {
    var copy = self
    copy.modes.tolerance = 0
    return copy
  }
}

/// The settings of a replay: every combination of the listed values.
package struct ReplayGrid: Sendable {
  /// The values as written by the user; an empty list means the run's own value.
  package struct Lists: Sendable {
    /// `window.observed`.
    package var observed: [String]
    /// `dmd.stacks`.
    package var stacks: [String]
    /// `dmd.rank`.
    package var rank: [String]
    /// `dmd.tolerance`.
    package var tolerance: [String]
    /// `estimator`, or `all`.
    package var estimator: [String]

    /// Creates lists of values.
    package init(
      observed: [String] = [], stacks: [String] = [], rank: [String] = [],
      tolerance: [String] = [], estimator: [String] = []
    ) {
      self.observed = observed
      self.stacks = stacks
      self.rank = rank
      self.tolerance = tolerance
      self.estimator = estimator
    }
  }

  /// The valid combinations; the tolerance varies fastest.
  package let settings: [ReplaySetting]
  /// The estimators to evaluate with each of them.
  package let estimators: [Estimator]
  /// The run's own settings, which may be among them.
  package let own: ReplaySetting
  /// The number of invalid combinations, and why the first of them is invalid.
  package let leftOut: (count: Int, reason: String?)

  /// Combines values with a run's configuration.
  ///
  /// - Throws: `ConfigurationError` for an illegal value, and if no combination is valid: too few
  ///   observed steps for the stacks.
  package init(_ lists: Lists, over configuration: Configuration) throws(ConfigurationError) {
    var base = configuration
    // Recorded windows are replayed with `glocal`, whatever method the run used.
    base.method = .glocal
    base.mode = .auto
    own = ReplaySetting(observed: base.window.observed, modes: base.dmd)
    let estimators = try Self.values(
      lists.estimator == ["all"] ? Estimator.allCases.map(\.rawValue) : lists.estimator,
      "estimator", "--estimator", base, \.estimator)
    self.estimators = estimators
    var settings: [ReplaySetting] = []
    var refusals: [ConfigurationError] = []
    for observed in try Self.values(
      lists.observed, "window.observed", "--observed", base, \.window.observed)
    {
      for stacks in try Self.values(lists.stacks, "dmd.stacks", "--stacks", base, \.dmd.stacks) {
        for rank in try Self.values(lists.rank, "dmd.rank", "--rank", base, \.dmd.rank) {
          for tolerance in try Self.values(
            lists.tolerance, "dmd.tolerance", "--tolerance", base, \.dmd.tolerance)
          {
            var candidate = base
            (candidate.window.observed, candidate.dmd.stacks) = (observed, stacks)
            (candidate.dmd.rank, candidate.dmd.tolerance) = (rank, tolerance)
            if let sentence = Self.complaint(candidate, estimators) {
              refusals.append(ConfigurationError(key: "window.observed", sentence: sentence))
            } else {
              settings.append(ReplaySetting(observed: observed, modes: candidate.dmd))
            }
          }
        }
      }
    }
    if settings.isEmpty, let refusal = refusals.first { throw refusal }
    self.settings = settings
    leftOut = (refusals.count, refusals.first?.sentence)
  }

  /// The largest σ.
  var mostObserved: Int { settings.map(\.observed).max() ?? 0 }

  /// Why a combination is invalid for one of the estimators.
  private static func complaint(
    _ candidate: Configuration, _ estimators: [Estimator]
  ) -> String? {
    estimators.lazy.compactMap { estimator in
      var one = candidate
      one.estimator = estimator
      // The length of the windows comes from the recording, not from the configuration.
      one.window.length = max(one.window.length, one.window.observed)
      one.inner.steps = one.window.length
      return one.conflict()?.sentence
    }.first
  }

  /// Parses the values of a list with the setting they belong to, without duplicates.
  private static func values<Value: Equatable>(
    _ texts: [String], _ key: String, _ option: String, _ base: Configuration,
    _ property: (Configuration) -> Value
  ) throws(ConfigurationError) -> [Value] {
    guard !texts.isEmpty else { return [property(base)] }
    var values: [Value] = []
    for text in texts {
      var reader = ConfigurationReader(over: base)
      try reader.set(key, to: text, option: option)
      let value = property(reader.unchecked)
      if !values.contains(value) { values.append(value) }
    }
    return values
  }
}
