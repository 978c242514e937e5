import DynamicModes
import Settings

/// One way of reading limits off recorded windows: σ, and everything about the modes.
package struct ReplaySetting: Equatable, Sendable {
  /// σ: how many of a window's last hypergradients are looked at.
  package var observed: Int
  /// m, rank rule, tolerance and the rest.
  package var modes: DynamicModeSettings

  /// Without the tolerance: settings that agree in it share their modes.
  var withoutTolerance: ReplaySetting {
    var copy = self
    copy.modes.tolerance = 0
    return copy
  }
}

/// What a replay tries: every combination of the listed values.
package struct ReplayGrid: Sendable {
  /// The values as the user wrote them; an empty list stands for the run's own value.
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

    /// Lists of values.
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

  /// The combinations that make sense, the tolerance changing fastest.
  package let settings: [ReplaySetting]
  /// What is read with each of them.
  package let estimators: [Estimator]
  /// The run's own setting, which may be among them.
  package let own: ReplaySetting
  /// The combinations that were left out, and why the first of them was.
  package let leftOut: (count: Int, reason: String?)

  /// The combinations of values over a run's configuration.
  ///
  /// - Throws: `ConfigurationError` for a value that is not legal, and where no combination makes
  ///   sense: too few observed steps for the stacks.
  package init(_ lists: Lists, over configuration: Configuration) throws(ConfigurationError) {
    var base = configuration
    // Recorded windows are read as `glocal` would, whatever moved φ then.
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

  /// The highest σ.
  var mostObserved: Int { settings.map(\.observed).max() ?? 0 }

  /// Why a combination makes no sense for one of the estimators.
  private static func complaint(
    _ candidate: Configuration, _ estimators: [Estimator]
  ) -> String? {
    estimators.lazy.compactMap { estimator in
      var one = candidate
      one.estimator = estimator
      // How long windows were is the recording's matter, not that of the configuration.
      one.window.length = max(one.window.length, one.window.observed)
      one.inner.steps = one.window.length
      return one.conflict()?.sentence
    }.first
  }

  /// The values of a list, each checked by the setting that it is a value of, without repetitions.
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
