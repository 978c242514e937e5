import DynamicModes
import Hypergradients
import Learning
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
    let rules = [
      observedConflict, stepsConflict, dataConflict, hyperparameterConflict, tuningConflict,
      implicitConflict, estimatorConflict, outerConflict, columnsConflict, exampleConflict,
      precisionConflict, dropoutConflict, graphConflict,
    ]
    return rules.lazy.compactMap { $0() }.first
  }

  private func graphConflict() -> ConfigurationConflict? {
    let plain = Configuration()
    if network.path == nil {
      let isSet = [
        ("network-freeze", networkFreeze != plain.networkFreeze),
        ("network-train", networkTrain != plain.networkTrain),
        ("network-tie", networkTie != plain.networkTie), ("initial.draw", initial.draw),
      ]
      guard let key = isSet.first(where: \.1)?.0 else { return nil }
      return ConfigurationConflict(
        keys: [key, "network"],
        sentence:
          "\(key) is for a model of your own, and \(network.printed) is none: leave it out, or "
          + "let network be the path of an ONNX file.")
    }
    guard initial.draw, initial.parameters != nil else { return nil }
    return ConfigurationConflict(
      keys: ["initial.draw", "initial.parameters"],
      sentence: "parameters are drawn or read from a file, not both: set initial.draw to false or "
        + "leave initial.parameters out.")
  }

  private func dropoutConflict() -> ConfigurationConflict? {
    if networkDropout > 0, network.path != nil {
      return ConfigurationConflict(
        keys: ["network-dropout", "network"],
        sentence:
          "the dropout of your own model is what its file has: set network-dropout to 0, and "
          + "export the model with the dropout it is to have.")
    }
    guard networkDropout > 0, network.takesImages else { return nil }
    return ConfigurationConflict(
      keys: ["network-dropout", "network"],
      sentence:
        "\(network.printed) has no dropout: set network-dropout to 0, or choose a perceptron, a "
        + "recurrent network or a transformer.")
  }

  private func precisionConflict() -> ConfigurationConflict? {
    guard compute != .full, precision == .double else { return nil }
    return ConfigurationConflict(
      keys: ["compute", "precision"],
      sentence: "\(compute.rawValue) operands make no sense in double, which verifies: "
        + "set precision to float or compute to \(ComputePrecision.full.rawValue).")
  }

  /// A column for each example would take days, and all memory.
  private func exampleConflict() -> ConfigurationConflict? {
    guard task == .reweighting, reweighting.function == .example, method != .none,
      method.rule.mode == nil
    else { return nil }
    let needs = "a weight for each example needs the reverse mode: "
    if !window.carry.isReset {
      return ConfigurationConflict(
        keys: ["window.carry", "reweighting.function"],
        sentence: needs + "it cannot carry columns over windows, so set window.carry to 0.")
    }
    guard mode == .forward else { return nil }
    return ConfigurationConflict(
      keys: ["mode", "reweighting.function"], sentence: needs + "set mode to reverse or auto.")
  }

  private func columnsConflict() -> ConfigurationConflict? {
    guard columns == .functionSpace, method != .none, method.rule.mode == nil else { return nil }
    if mode == .reverse {
      return ConfigurationConflict(
        keys: ["columns", "mode"],
        sentence:
          "the reverse mode has no columns: set mode to forward or auto, or columns to exact.")
    }
    let functions: [WeightFunction] = [.network, .spline, .focal]
    if task != .reweighting || !functions.contains(reweighting.function) {
      return ConfigurationConflict(
        keys: ["columns", "reweighting.function", "task"],
        sentence:
          "columns in function space are for weights that depend on the loss alone: set task "
          + "to reweighting and reweighting.function to "
          + "\(functions.map(\.rawValue).joined(separator: " or ")), or columns to exact.")
    }
    if !method.rule.goesByWindows {
      return ConfigurationConflict(
        keys: ["columns", "method"],
        sentence:
          "\(method.rawValue) trains beyond its windows, which columns in function space do "
          + "not follow: set columns to exact, or method to glocal or local.")
    }
    return nil
  }

  private func observedConflict() -> ConfigurationConflict? {
    tuningSettings(method, .forward).observedComplaint.map(conflict)
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
    if let conflict = ownDataConflict() { return conflict }
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
    return nil
  }

  /// What the module that tunes says of its settings.
  private func tuningConflict() -> ConfigurationConflict? {
    let settings = tuningSettings(method, mode == .reverse ? .reverse : .forward)
    // The other tasks tune weights, whose number the network decides.
    return settings.complaint(count: task == .optimizer ? tunedNames.count : 1).map(conflict)
  }

  private func conflict(_ complaint: Complaint<TuningSettings>) -> ConfigurationConflict {
    ConfigurationConflict(complaint) { setting in
      switch setting {
      case \.steps: ["inner.steps"]
      case \.warmup: ["inner.warmup"]
      case \.window: ["window.length"]
      case \.observed: ["window.observed"]
      case \.carry: ["window.carry"]
      case \.mode: ["mode"]
      case \.outerSteps: ["global-restart.outer-steps"]
      case \.playoutWindows: ["truncated-global.windows"]
      case \.patience: ["inner.patience"]
      case \.implicit.damping: ["implicit.damping"]
      case \.implicit.solver: ["implicit.solver"]
      case \.divergence.retreats: ["divergence.retreats"]
      case \.divergence.shrink: ["divergence.shrink"]
      case \.divergence.rise: ["divergence.rise"]
      // A method is to blame where it has nothing to tune.
      default: ["method"] + hyperparameterNames.map { "hyperparameters.\($0.rawValue).tuned" }
      }
    }
  }

  /// Where training comes to rest does not depend on how fast it goes there.
  private func implicitConflict() -> ConfigurationConflict? {
    guard method == .implicit,
      let name = tunedNames.first(where: { !implicit.tunes($0, of: inner.algorithm) })
    else { return nil }
    return ConfigurationConflict(
      keys: ["method", "hyperparameters.\(name.rawValue).tuned"],
      sentence: "implicit differentiation with \(implicit.solver.rawValue) cannot tune the "
        + "\(name.rawValue), on which the minimum of the training loss does not depend: set "
        + "hyperparameters.\(name.rawValue).tuned to false, or take another method.")
  }

  private func outerConflict() -> ConfigurationConflict? {
    guard method != .none, let complaint = outer.complaint else { return nil }
    return ConfigurationConflict(complaint) { setting in
      switch setting {
      case \.learningRate: ["outer.learning-rate"]
      case \.smallest: ["outer.smallest"]
      case \.largest: ["outer.largest"]
      default: ["outer.optimizer"]
      }
    }
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
    guard hyperparameter.tuned, !transform.reach.contains(value) || !hyperparameter.raw.isFinite
    else { return nil }
    // Without a transform a step may be as long as the value: only where nothing else is left.
    let reaching = Transform.allCases.filter { $0 != transform && $0.reach.contains(value) }
    let others = reaching.count > 1 ? reaching.filter { $0 != .identity } : reaching
    let change = others.map(\.rawValue).joined(separator: " or ")
    return ConfigurationConflict(
      keys: ["\(key).initial", "\(key).transform", "\(key).tuned"],
      sentence: "\(value.printed) cannot be tuned through \(transform.rawValue), whose values are "
        + "\(transform.reach): start elsewhere, set \(key).tuned to false, or take the transform "
        + "\(change)\(others == [.identity] ? ", which keeps to legal values all the same" : "").")
  }

  private func estimatorConflict() -> ConfigurationConflict? {
    guard method.rule.estimatesLimit else { return nil }
    let observed = window.observed
    let needed = estimator.stepsNeeded(dmd)
    guard observed < needed else { return nil }
    // Where the stacks decide how many are needed, fewer of them are a remedy too.
    var fewer = dmd
    fewer.stacks -= needed - observed
    let dependsOnStacks =
      estimator.stepsNeeded(DynamicModeSettings(stacks: dmd.stacks + 1)) > needed
    let canStackFewer = dependsOnStacks && fewer.stacks >= 1
    return ConfigurationConflict(
      keys: ["window.observed"] + (dependsOnStacks ? ["dmd.stacks"] : []),
      sentence: "\(observed) observed steps are too few for "
        + (dependsOnStacks ? "\(dmd.stacks) stacks" : estimator.rawValue) + ": set "
        + (canStackFewer ? "dmd.stacks to at most \(fewer.stacks) or " : "")
        + "window.observed to at least \(needed)"
        + (dependsOnStacks && needed > dmd.stacks ? " (dmd.stacks + \(needed - dmd.stacks))." : ".")
    )
  }
}

extension ConfigurationConflict {
  /// What a module complains of, with the keys of the settings that it blames.
  fileprivate init<Settings>(
    _ complaint: Complaint<Settings>, keys: (PartialKeyPath<Settings>) -> [String]
  ) {
    self.keys = complaint.blamed.flatMap(keys)
    let names = complaint.blamed.compactMap { keys($0).first }.joined(separator: ", ")
    sentence = "\(complaint.sentence.dropLast()) (\(names))."
  }
}
