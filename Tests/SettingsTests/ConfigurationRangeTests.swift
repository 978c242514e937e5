import TestSupport
import Testing

@testable import Settings

@Suite("Every key refuses what is not legal")
struct ConfigurationRangeTests {
  /// Values beyond each end of each key's range, or of another type.
  static let illegal: [String: [String]] = [
    "task": ["training", "null", "3"],
    "network": [
      "lenet5", "null", "mlp", "mlp-0", "mlp-9999999", "gru-", "gru-1.5", "transformer-2-64",
      "transformer-2-65-4", "transformer-2-64-0",
    ],
    "network-dropout": ["-0.1", "1", "nan", "null"],
    "inner.clip": ["0", "-1", "inf", "nan"],
    "data.set": ["cifar", "null"],
    "data.validation": ["0", "-1", "1.5", "many", "null", "\"600\"", "1000000001", "1e3"],
    "data.order": ["random", "null"],
    "data.split": ["head", "null"],
    "data.train-limit": ["0", "-5", "0.5", "all"],
    "data.imbalance": ["0.99", "0", "-50", "1000001", "inf", "null"],
    "data.partial": ["1", "some", "null"],
    "data.classes": ["1", "0", "-3", "16777217", "some", "null", "\"10\""],
    "data.context": ["0", "1000001", "null"],
    "data.normalise": [
      "[1]", "[0.5, 0]", "[0.5, -1]", "[1, 2, 3]", "[a, 1]", "[nan, 1]", "[[1, 2], [1]]",
      "[[], []]",
      "[[[1]], [[1]]]", "{mean: 0}", "0.5", "null", "Standard",
    ],
    "data.flip": ["1", "both", "null"],
    "data.crop": ["-1", "17", "0.5", "null"],
    "inner.optimizer": ["sdg", "null"],
    "inner.schedule": ["linear", "Cosine", "null"],
    "inner.warmup": ["-1", "1.5", "null", "1000000000"],
    "inner.patience": ["0", "-1", "1.5", "never"],
    "inner.batch": ["0", "-1", "1000001", "null", "12.8"],
    "inner.steps": ["0", "-50", "1000000001", "null", "99999999999999999999"],
    "window.length": ["0", "100000001", "null", "50.0"],
    "window.observed": ["0", "-1", "null", "true"],
    "window.carry": ["-0.1", "1.01", "nan", ".nan", ".inf", "null", "0x1"],
    "method": ["glokal", "null", "Glocal"],
    "mode": ["backward", "null"],
    "estimator": ["dmd_horizon", "null"],
    "dmd.stacks": ["0", "1000001", "null"],
    "dmd.rank": [
      "none", "fixed", "fixed 0", "fixed 1.5", "energy 0", "energy 1.1", "energy x", "energy 1 1",
    ],
    "dmd.tolerance": ["-0.01", "1", "null"],
    "dmd.modes": ["approximate"],
    "dmd.amplitudes": ["last"],
    "dmd.condition": ["1", "0", "inf"],
    "dmd.cap": ["0", "-1"],
    "dmd.ridge": ["-1e-9", "small"],
    "dmd.directions": ["0", "1001", "2.5"],
    "global-restart.outer-steps": ["0", "1000001"],
    "truncated-global.windows": ["0", "1000001"],
    "implicit.solver": ["gmres", "1"],
    "implicit.steps": ["0", "100001"],
    "implicit.rank": ["0", "1001"],
    "implicit.damping": ["-1e-9", "inf"],
    "implicit.step-size": ["0", "nan"],
    "implicit.minibatches": ["0", "1.5"],
    "outer.optimizer": ["lbfgs"],
    "outer.learning-rate": ["0", "-0.1", "1e400"],
    "outer.momentum": ["-0.1", "1"],
    "outer.beta1": ["-0.1", "1"],
    "outer.beta2": ["-0.1", "1.0"],
    "outer.epsilon": ["0", "-1e-8"],
    "parallel.grid": ["0x1", "2x", "x", "2x4x1", "-1x2", "2*4", "9223372036854775807x2", "null"],
    "parallel.shard": ["0", "65537"],
    "parallel.sums": ["fast"],
    "network-freeze": ["null", ",", "[a,,b]", "[[a]]"],
    "network-train": ["null", "[a, ]"],
    "network-tie": ["on", "true", "null"],
    "initial.draw": ["yes", "1", "null"],
    "data.label-noise": ["1", "-0.1", "nan", "pair", "pair 1", "other 0.4", "0.4 pair", "null"],
    "reweighting.function": ["loss", "classes", "null"],
    "reweighting.hidden": ["0", "1000001", "null"],
    "reweighting.knots": ["1", "1 1", "2 1", "-1 2", "0 nan", "0 inf", "0,1", "x"],
    "reweighting.classes": [
      "inverse", "effective-number 1", "effective-number 0", "equal 1", "null",
    ],
    "reweighting.examples": ["softmax", "null"],
    "reweighting.gamma": ["0", "-1", "101", "null"],
    "reweighting.columns": ["1", "1001", "null"],
    "reweighting.listed": ["-1", "1000001", "null"],
    "columns": ["function", "approximate", "null"],
    "reweighting.input": ["attach", "0"],
    "reweighting.reduction": ["sum", "null"],
    "parallel.trajectory-memory": ["0", "-1", "null", "1.5"],
    "parallel.threads": ["0", "1025", "2.0"],
    "divergence.policy": ["ignore", "no"],
    "divergence.retreats": ["-1", "1001"],
    "divergence.shrink": ["0", "1", "-0.5"],
    "divergence.rise": ["0.9", "-1"],
    "outer.shrink": ["0", "1"],
    "outer.growth": ["0.9", "11"],
    "outer.smallest": ["-0.1", "null"],
    "outer.largest": ["0", "-1"],
    "evaluation.interval": ["0", "-1", "never"],
    "checkpoint.every": ["0", "-1", "never"],
    "watchdog.seconds": ["0", "0.5", "-1", "nan", "never"],
    "evaluation.baseline": ["yes", "1", "null"],
    "checkpoint.keep": ["0", "-1", "null", "all"],
    "precision": ["half", "Float"],
    "compute": ["bf16", "full", "null"],
    "seed": ["-1", "1.0", "18446744073709551616", "null"],
    "hyperparameters.learning-rate.initial": ["0", "-0.1", "fast", "null"],
    "hyperparameters.momentum.initial": ["-0.1", "1", "1.5"],
    "hyperparameters.beta1.initial": ["-0.1", "1"],
    "hyperparameters.beta2.initial": ["-0.1", "1"],
    "hyperparameters.epsilon.initial": ["0", "-1"],
    "hyperparameters.weight-decay.initial": ["-0.0001"],
  ]

  /// The parts that all hyperparameters share.
  static let illegalParts: [String: [String]] = [
    "raw": ["nan", "inf", "x", "null"], "transform": ["tanh", "null"],
    "tuned": ["yes", "1", "null", "\"true\""],
    "per-layer": ["yes", "1", "null"], "minimum": ["-1", "nan", "none"],
    "maximum": ["-1", "inf", "none"],
  ]

  static func illegalValues(of key: String) -> [String] {
    if let values = illegal[key] { return values }
    let part = key.split(separator: ".").last.map(String.init) ?? ""
    return key.hasPrefix("hyperparameters.") ? illegalParts[part] ?? [] : []
  }

  @Test(
    "beyond its range, or of another type",
    arguments: Configuration.settings.filter { !$0.isText || illegal[$0.key] != nil }.map(\.key))
  func refuses(key: String) {
    let values = Self.illegalValues(of: key)
    #expect(!values.isEmpty, "no illegal value is listed for \(key)")
    for value in values {
      let error = error(of: ["\(key)=\(value)"])
      #expect(error?.key == key, "\(key)=\(value) was taken")
      #expect(error?.place == "--set \(key)=\(value)")
      #expect(error?.sentence.hasPrefix("must be ") == true)
    }
  }

  // --set takes any characters for a path; in a file they must be a scalar.
  @Test("a path is no mapping and no list", arguments: ["{file: a}", "[a]"])
  func refusesPaths(value: String) {
    let error = error(yaml: "initial: {parameters: \(value)}")
    #expect(error?.key == "initial.parameters")
    #expect(error?.sentence.hasPrefix("must be a text, or null, not a ") == true)
  }

  @Test(
    "at its ends",
    arguments: [
      "window.carry=0", "window.carry=1", "inner.batch=1", "dmd.rank=energy 1", "dmd.rank=full",
      "dmd.rank=fixed 1", "seed=18446744073709551615", "parallel.grid=1x1", "dmd.tolerance=0",
      "data.train-limit=null", "data.train-limit=~", "outer.learning-rate=1e-300",
      "outer.learning-rate=.5", "hyperparameters.weight-decay={initial: 0, tuned: false}",
      "data.normalise=[0.1307, 0.3081]", "data.normalise=[[-1, 0], [1e-3, 2]]",
      "method='local'", "initial.parameters=/tmp/a b: {#1}.safetensors",
    ])
  func accepts(assignment: String) {
    // Rprop's own bounds would leave no room for the ends of the learning rate.
    #expect(error(of: ["outer.optimizer=adam", assignment]) == nil)
  }

  @Test(
    "a choice that is nearly right is suggested",
    arguments: [
      ("method=glokal", "glocal"), ("estimator=dmd-horizont", "dmd-horizon"),
      ("data.set=fashion_mnist", "fashion-mnist"), ("dmd.rank=hard-treshold", "hard-threshold"),
      ("hyperparameters.momentum.transform=sigmoidal", "sigmoid"),
    ])
  func suggestsChoice(assignment: String, choice: String) {
    #expect(error(of: [assignment])?.sentence.hasSuffix(" Did you mean \(choice)?") == true)
  }
}
