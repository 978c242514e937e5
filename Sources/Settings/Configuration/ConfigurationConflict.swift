import DynamicModes
import Hypergradients
import Tensors

/// Keys that are legal each by itself but not together.
package struct ConfigurationConflict {
  /// The keys to blame, the first of them most.
  let keys: [String]
  /// What is wrong and what to do.
  package let sentence: String
}

extension Configuration {
  /// The first conflict between keys, or nothing.
  package func conflict() -> ConfigurationConflict? {
    windowConflict() ?? stepsConflict() ?? dataConflict() ?? hyperparameterConflict()
      ?? modeConflict() ?? estimatorConflict() ?? outerConflict() ?? precisionConflict()
  }

  private func precisionConflict() -> ConfigurationConflict? {
    guard compute != .full, precision == .double else { return nil }
    return ConfigurationConflict(
      keys: ["compute", "precision"],
      sentence: "\(compute.rawValue) operands make no sense in double, which verifies: "
        + "set precision to float or compute to \(ComputePrecision.full.rawValue).")
  }

  private func windowConflict() -> ConfigurationConflict? {
    guard window.observed > window.length else { return nil }
    return ConfigurationConflict(
      keys: ["window.observed", "window.length"],
      sentence: "\(window.observed) observed steps do not fit into a window of \(window.length): "
        + "lower window.observed or raise window.length.")
  }

  private func stepsConflict() -> ConfigurationConflict? {
    let length = window.length
    let left = inner.steps % length
    if left != 0 {
      let below = inner.steps - left
      let multiples = below > 0 ? "\(below) or \(below + length)" : "\(length)"
      return ConfigurationConflict(
        keys: ["inner.steps", "window.length"],
        sentence: "\(inner.steps) steps are no multiple of window.length, \(length): "
          + "take \(multiples).")
    }
    let playout = truncatedGlobal.windows
    if method == .truncatedGlobal, playout > inner.steps / length {
      return ConfigurationConflict(
        keys: ["truncated-global.windows", "inner.steps", "window.length"],
        sentence: "a playout of \(playout) windows is longer than the whole run of "
          + "\(inner.steps / length): lower it or raise inner.steps.")
    }
    return nil
  }

  private func dataConflict() -> ConfigurationConflict? {
    guard let limit = data.trainLimit, inner.batch > limit else { return nil }
    return ConfigurationConflict(
      keys: ["inner.batch", "data.train-limit"],
      sentence: "a minibatch of \(inner.batch) images is larger than the training set of \(limit) "
        + "(data.train-limit): lower inner.batch or raise data.train-limit.")
  }

  private func hyperparameterConflict() -> ConfigurationConflict? {
    for name in hyperparameterNames {
      if let conflict = conflict(of: hyperparameters[name], name: name) { return conflict }
    }
    if method != .none, task == .optimizer, tunedNames.isEmpty {
      let key = "hyperparameters.\(HyperparameterName.learningRate.rawValue).tuned"
      return ConfigurationConflict(
        keys: ["method"] + hyperparameterNames.map { "hyperparameters.\($0.rawValue).tuned" },
        sentence:
          "\(method.rawValue) has no hyperparameter to tune: set \(key) (or another one) to "
          + "true, or method to none.")
    }
    return nil
  }

  private func modeConflict() -> ConfigurationConflict? {
    guard mode == .reverse, !window.carry.isReset else { return nil }
    return ConfigurationConflict(
      keys: ["mode", "window.carry"],
      sentence:
        "the reverse mode cannot carry tangents over windows: set window.carry to 0 or mode "
        + "to forward.")
  }

  private func outerConflict() -> ConfigurationConflict? {
    guard outer.optimizer == .rprop, method != .none,
      !(outer.smallest <= outer.learningRate && outer.learningRate <= outer.largest)
    else { return nil }
    return ConfigurationConflict(
      keys: ["outer.learning-rate", "outer.smallest", "outer.largest"],
      sentence: "rprop's first step, outer.learning-rate \(outer.learningRate.printed), must lie "
        + "between outer.smallest, \(outer.smallest.printed), and outer.largest, "
        + "\(outer.largest.printed).")
  }

  private func conflict(
    of hyperparameter: ConfiguredHyperparameter, name: HyperparameterName
  ) -> ConfigurationConflict? {
    let key = "hyperparameters.\(name.rawValue)"
    let value = hyperparameter.value
    let transform = hyperparameter.transform
    if case .raw(let raw) = hyperparameter.start {
      if !name.legal.contains(value) || !value.isFinite {
        return ConfigurationConflict(
          keys: ["\(key).raw", "\(key).transform"],
          sentence: "\(raw.printed) becomes \(value) through \(transform.rawValue), but "
            + "\(name.rawValue) must be \(name.legal.words).")
      }
    }
    if let conflict = hyperparameter.limitsConflict(key) { return conflict }
    guard hyperparameter.tuned, !transform.reaches(value) || !hyperparameter.raw.isFinite else {
      return nil
    }
    // Without a transform a step may be as long as the value: only where nothing else is left.
    let reaching = Transform.allCases.filter { $0 != transform && $0.reaches(value) }
    let others = reaching.count > 1 ? reaching.filter { $0 != .identity } : reaching
    let change = others.map(\.rawValue).joined(separator: " or ")
    return ConfigurationConflict(
      keys: ["\(key).initial", "\(key).transform", "\(key).tuned"],
      sentence: "\(value.printed) cannot be tuned through \(transform.rawValue), whose values are "
        + "\(transform.reach): start elsewhere, set \(key).tuned to false, or take the transform "
        + "\(change)\(others == [.identity] ? ", which keeps to legal values all the same" : "").")
  }

  private func estimatorConflict() -> ConfigurationConflict? {
    guard method == .glocal else { return nil }
    let observed = window.observed
    let stacks = dmd.stacks
    switch estimator {
    case .dmd, .dmdHorizon:
      guard observed < stacks + 2 else { return nil }
      let fewer = observed >= 3 ? "dmd.stacks to at most \(observed - 2) or " : ""
      return ConfigurationConflict(
        keys: ["window.observed", "dmd.stacks"],
        sentence: "\(observed) observed steps are too few for \(stacks) stacks: set "
          + "\(fewer)window.observed to at least \(stacks + 2) (dmd.stacks + 2).")
    case .tailMean:
      guard observed < stacks else { return nil }
      return ConfigurationConflict(
        keys: ["window.observed", "dmd.stacks"],
        sentence: "tail-mean takes the mean of the last \(stacks) steps (dmd.stacks), but only "
          + "\(observed) are observed: lower dmd.stacks or raise window.observed.")
    case .affine:
      guard observed < 3 else { return nil }
      return ConfigurationConflict(
        keys: ["window.observed"],
        sentence: "affine needs at least 3 observed steps, not \(observed).")
    case .last: return nil
    }
  }
}
