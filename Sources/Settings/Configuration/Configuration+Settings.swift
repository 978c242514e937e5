import DynamicModes
import Hypergradients
import Learning
import Tensors

extension Configuration.Mode: SettingValue {}
extension Configuration.Tie: SettingValue {}
extension Configuration.Columns: SettingValue {}
extension Configuration.Precision: SettingValue {}
extension ComputePrecision: SettingValue {}
extension Method: SettingValue {}
extension Estimator: SettingValue {}

/// A task, or the older name of one.
private struct TaskValue: SettingValue {
  let task: Configuration.Task
  /// What the older name says besides.
  var function: WeightFunction?

  static var kind: String { "one of \(choices.joined(separator: ", "))" }
  static var choices: [String] { Configuration.Task.allCases.map(\.rawValue) }

  static func read(_ scalar: YAMLScalar) -> TaskValue? {
    guard let text = scalar.text else { return nil }
    if text == "class-weights" { return TaskValue(task: .reweighting, function: .classes) }
    return Configuration.Task(rawValue: text).map { TaskValue(task: $0) }
  }

  static func newerName(_ scalar: YAMLScalar) -> String? {
    guard scalar.text == "class-weights" else { return nil }
    return "class-weights is the older name of reweighting with reweighting.function: class."
  }

  var printed: String { YAMLScalar.printed(task.rawValue) }
}

extension Configuration {
  /// Every key, in the order of the printed YAML.
  package static let settings: [Setting] =
    [
      Setting(
        "task", legal: .all, source: .paper,
        "What is optimised: the optimizer's hyperparameters, or the weights of training examples.",
        get: { TaskValue(task: $0.task) },
        set: { configuration, value in
          configuration.task = value.task
          if let function = value.function { configuration.reweighting.function = function }
        }),
      Setting(
        "network", \.network, source: .paper,
        "The network that is trained: wrn-28-2 is a WideResNet of depth 28 = 6n + 4 and width 2, "
          + "mlp-512-512 a perceptron with two hidden layers, gru-128 a recurrent network, "
          + "transformer-4-128-4 has 4 layers of width 128 with 4 heads; model.onnx is your own model, "
          + "relative to the configuration file."),
      Setting(
        "network-dropout", \.networkDropout, legal: .range(.from(0, below: 1)), source: .ours,
        "The share of hidden numbers left out in each training step; of perceptrons, recurrent networks "
          + "and transformers."),
      graph(
        "network-freeze", \.networkFreeze,
        "Tensors of an own model that are not trained; glocal-dist doctor FILE shows which are."),
      graph(
        "network-train", \.networkTrain,
        "Tensors of an own model that are trained although they look like constants."),
      graph(
        "network-tie", \.networkTie,
        "Whether tensors of an own model that are equal, or equal when transposed, are one parameter, "
          + "as a tied matrix is before the export; off: each is one of its own."),
    ] + Data.settings + Inner.settings + ConfiguredHyperparameters.settings + Reweighting.settings
    + Window.settings + [
      Setting(
        "method", \.method, source: .paper,
        "How the hyperparameters are updated; `none` leaves them as they are."),
      Setting(
        "mode", \.mode, source: .ours,
        "forward: a column for each hyperparameter; reverse: an adjoint for each observed step; "
          + "auto: the cheaper one. The method implicit has a way of its own."),
      Setting(
        "columns", \.columns, source: .ours,
        "What the forward mode has columns for; exact: each hyperparameter; function-space: "
          + "reweighting.columns functions of the loss, for weights that depend on the loss alone; "
          + "auto: the fewer ones."),
      Setting(
        "estimator", \.estimator, source: .paper,
        "How `glocal` reads the limit off a window's hypergradients; every window logs them all."),
    ] + Modes.settings + GlobalRestart.settings + TruncatedGlobal.settings + Implicit.settings
    + Outer.settings
    + Initial.settings + Parallel.settings + Divergence.settings + Evaluation.settings
    + Checkpoint.settings + Watchdog.settings + [
      Setting(
        "precision", \.precision, "The floating-point type of the training; double verifies."),
      Setting(
        "compute", \.compute, source: .ours,
        "What convolutions and matrix products round their operands to; sums stay float32."),
      Setting("seed", \.seed, "The key of everything random: the same seed, the same run."),
    ]

  /// A key that applies to a user's own model alone.
  private static func graph<Value: SettingValue>(
    _ key: String, _ property: WritableKeyPath<Configuration, Value> & Sendable, _ comment: String
  ) -> Setting {
    Setting(
      key, legal: .all, source: .ours, comment,
      get: { $0.network.path == nil ? nil : $0[keyPath: property] },
      set: { $0[keyPath: property] = $1 })
  }

  /// The mappings of the YAML that stand at its top or inside another one.
  package static let groups: [SettingGroup] =
    [
      SettingGroup("data", "The images: which, and how they are split and drawn."),
      SettingGroup("inner", "The training of the network."),
      SettingGroup(
        "hyperparameters",
        "Each starts at `initial`, the value itself (or at `raw`, the number before the transform),"
          + " and is tuned or fixed there."),
      SettingGroup(
        "reweighting", "The weights of training examples, for the task reweighting."),
      SettingGroup("window", "A window: the inner steps between two updates."),
      SettingGroup(
        "dmd", "The Hankel dynamic mode decomposition, and the other estimators' needs."),
      SettingGroup("global-restart", "The method global-restart alone."),
      SettingGroup("truncated-global", "The method truncated-global alone."),
      SettingGroup("implicit", "The method implicit alone."),
      SettingGroup("outer", "The optimizer of the (raw) hyperparameters."),
      SettingGroup("initial", "Where the training starts."),
      SettingGroup("parallel", "How the work is spread over ranks."),
      SettingGroup("divergence", "When a loss or a hypergradient is not finite."),
      SettingGroup("evaluation", "When the test set is looked at."),
      SettingGroup("checkpoint", "When all that is needed to go on with a run is saved."),
      SettingGroup("watchdog", "When a rank, its host or the network falls silent."),
    ]
    + HyperparameterName.allCases.map {
      SettingGroup("hyperparameters.\($0.rawValue)", $0.comment)
    }

  /// The settings by their dotted keys.
  package static let settingsByKey = Dictionary(uniqueKeysWithValues: settings.map { ($0.key, $0) })

  /// The dotted keys of all mappings.
  package static let groupKeys = Set(groups.map(\.key))
}
