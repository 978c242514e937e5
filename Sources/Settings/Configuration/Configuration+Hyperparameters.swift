import Hypergradients

extension HyperparameterName {
  var comment: String {
    switch self {
    case .learningRate: "The step size."
    case .momentum: "sgd: v ← momentum · v + gradient."
    case .beta1: "adam: the decay of the mean."
    case .beta2: "adam: the decay of the mean square."
    case .epsilon: "adam: added to the root of the mean square."
    case .weightDecay: "Added to the gradient, times the parameters."
    }
  }

  /// The values that make sense in training, whatever the transform.
  var legal: Legal<Double> { .range(legalValues) }

  var property: WritableKeyPath<ConfiguredHyperparameters, ConfiguredHyperparameter> & Sendable {
    switch self {
    case .learningRate: \.learningRate
    case .momentum: \.momentum
    case .beta1: \.beta1
    case .beta2: \.beta2
    case .epsilon: \.epsilon
    case .weightDecay: \.weightDecay
    }
  }
}

/// All hyperparameters of all inner optimizers; a default changes nothing and is fixed.
package struct ConfiguredHyperparameters: Equatable, Sendable {
  /// The step size.
  package var learningRate = ConfiguredHyperparameter(.value(0.01), .sigmoid, tuned: false)
  /// SGD: μ.
  package var momentum = ConfiguredHyperparameter(.value(0), .sigmoid, tuned: false)
  /// Adam: the decay of the mean.
  package var beta1 = ConfiguredHyperparameter(.value(0.9), .sigmoid, tuned: false)
  /// Adam: the decay of the mean square.
  package var beta2 = ConfiguredHyperparameter(.value(0.999), .sigmoid, tuned: false)
  /// Adam: added to the root of the mean square.
  package var epsilon = ConfiguredHyperparameter(.value(1e-8), .exp, tuned: false)
  /// The weight decay.
  package var weightDecay = ConfiguredHyperparameter(.value(0), .sigmoid, tuned: false)

  /// The defaults.
  package init() {}

  /// The hyperparameter of that name.
  package subscript(name: HyperparameterName) -> ConfiguredHyperparameter {
    get { self[keyPath: name.property] }
    set { self[keyPath: name.property] = newValue }
  }
}

extension Configuration {
  /// The names that the inner optimizer has, in the order of their columns.
  package var hyperparameterNames: [HyperparameterName] {
    inner.optimizer.hyperparameterNames
  }

  /// The names of the tuned ones, in the order of their columns: q is their number.
  package var tunedNames: [HyperparameterName] {
    hyperparameterNames.filter { hyperparameters[$0].tuned }
  }
}

extension ConfiguredHyperparameters {
  package static let settings = HyperparameterName.allCases.flatMap { name in
    let key = "hyperparameters.\(name.rawValue)"
    /// Reads a property where the optimizer has the hyperparameter.
    @Sendable func part<Value>(
      of configuration: Configuration, _ read: (ConfiguredHyperparameter) -> Value?
    ) -> Value? {
      guard configuration.hyperparameterNames.contains(name) else { return nil }
      return read(configuration.hyperparameters[name])
    }
    return [
      Setting(
        "\(key).initial", legal: name.legal, source: .ours, "The value at the start.",
        get: { part(of: $0) { if case .value(let value) = $0.start { value } else { nil } } },
        set: { $0.hyperparameters[name].start = .value($1) }),
      Setting(
        "\(key).raw", legal: Legal<Double>.all, source: .ours,
        "The number before the transform at the start, in place of `initial`.",
        get: { part(of: $0) { if case .raw(let raw) = $0.start { raw } else { nil } } },
        set: { $0.hyperparameters[name].start = .raw($1) }),
      Setting(
        "\(key).transform", legal: Legal<Transform>.all, source: .paper,
        "The map from the raw number to the value.",
        get: { part(of: $0, \.transform) }, set: { $0.hyperparameters[name].transform = $1 }),
      Setting(
        "\(key).tuned", legal: Legal<Bool>.all, "Tuned, or fixed at the start.",
        get: { part(of: $0, \.tuned) }, set: { $0.hyperparameters[name].tuned = $1 }),
      Setting(
        "\(key).minimum", legal: name.legal.orNull(), source: .ours,
        "The least value that tuning or a retreat may give it; null: what is legal.",
        get: { part(of: $0) { .some($0.minimum) } },
        set: { $0.hyperparameters[name].minimum = $1 }),
      Setting(
        "\(key).maximum", legal: name.legal.orNull(), source: .ours,
        "The greatest value that tuning may give it; null: what is legal.",
        get: { part(of: $0) { .some($0.maximum) } },
        set: { $0.hyperparameters[name].maximum = $1 }),
      Setting(
        "\(key).per-layer", legal: Legal<Bool>.all, source: .ours,
        "Each layer has its own, which all start alike.",
        get: { part(of: $0, \.perLayer) }, set: { $0.hyperparameters[name].perLayer = $1 }),
    ]
  }
}
