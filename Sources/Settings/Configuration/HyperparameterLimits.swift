import Hypergradients

extension ConfiguredHyperparameter {
  /// What is wrong with the limits, or with a start outside of them; nil where all is well.
  ///
  /// - Parameter key: the dotted key of the hyperparameter.
  func limitsConflict(_ key: String) -> ConfigurationConflict? {
    if let minimum, let maximum, minimum >= maximum {
      return ConfigurationConflict(
        keys: ["\(key).minimum", "\(key).maximum"],
        sentence: "the minimum, \(minimum.printed), must be below the maximum, "
          + "\(maximum.printed): lower the one or raise the other.")
    }
    if let minimum, value < minimum {
      return conflict(key, limit: "minimum", minimum, side: "below", remedy: "higher, or lower")
    }
    if let maximum, value > maximum {
      return conflict(key, limit: "maximum", maximum, side: "above", remedy: "lower, or raise")
    }
    return nil
  }

  private func conflict(
    _ key: String, limit: String, _ number: Double, side: String, remedy: String
  ) -> ConfigurationConflict {
    ConfigurationConflict(
      keys: ["\(key).\(limit)", "\(key).initial", "\(key).raw"],
      sentence: "the start, \(value.printed), lies \(side) the \(limit), \(number.printed): "
        + "start \(remedy) the \(limit).")
  }
}
