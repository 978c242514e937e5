import TestSupport
import Testing

@testable import Settings

@Suite("Keys that do not go together")
struct ConfigurationConflictTests {
  @Test(
    "are refused with a remedy",
    arguments: [
      (["window.observed=51"], "window.observed"),
      (["window.length=10", "inner.steps=100"], "window.observed"),
      (["estimator=dmd", "window.observed=11"], "window.observed"),
      (["estimator=dmd-horizon", "dmd.stacks=19"], "window.observed"),
      (["estimator=tail-mean", "dmd.stacks=21"], "window.observed"),
      (["estimator=affine", "window.observed=2"], "window.observed"),
      (["inner.steps=999"], "inner.steps"),
      (["inner.steps=20"], "inner.steps"),
      (["method=truncated-global", "truncated-global.windows=21"], "truncated-global.windows"),
      (["data.train-limit=100"], "inner.batch"),
      (["data.train=/a.csv"], "data.set"), (["data.split=file"], "data.split"),
      (["data.set=files"], "data.train"), (["data.set=files", "data.train=/a.csv"], "data.test"),
      (
        ["data.set=files", "data.train=/a.csv", "data.test=/a.csv", "data.split=file"], "data.split"
      ), (["data.set=text"], "data.train"),
      (["data.set=text", "data.train=/a", "data.imbalance=2"], "data.imbalance"),
      (["data.set=text", "data.train=/a", "data.label-noise=0.1"], "data.label-noise"),
      (["data.set=text", "data.train=/a", "data.split=balanced"], "data.split"),
      (["network-dropout=0.1"], "network-dropout"),
      (["outer.learning-rate=0.5"], "outer.learning-rate"),
      (["outer.smallest=0.3"], "outer.learning-rate"),
      (["outer.largest=0.01"], "outer.learning-rate"),
      (["compute=bfloat16", "precision=double"], "compute"),
      (["hyperparameters.momentum.initial=0"], "hyperparameters.momentum.initial"),
      (["hyperparameters.weight-decay.initial=0"], "hyperparameters.weight-decay.initial"),
      (["hyperparameters.learning-rate.initial=1"], "hyperparameters.learning-rate.initial"),
      (["hyperparameters.momentum={raw: 1, transform: exp}"], "hyperparameters.momentum.raw"),
      (
        ["hyperparameters.learning-rate={raw: -1, transform: identity}"],
        "hyperparameters.learning-rate.raw"
      ),
      (["hyperparameters.momentum.minimum=0.95"], "hyperparameters.momentum.minimum"),
      (["hyperparameters.momentum.maximum=0.5"], "hyperparameters.momentum.maximum"),
      (
        ["hyperparameters.learning-rate={raw: -3, maximum: 0.04}"],
        "hyperparameters.learning-rate.maximum"
      ),
      (
        ["hyperparameters.weight-decay={minimum: 0.001, maximum: 0.0001}"],
        "hyperparameters.weight-decay.minimum"
      ),
      (["hyperparameters.beta1.tuned=true"], "hyperparameters.beta1"),
      (
        ["inner.optimizer=adam", "hyperparameters.momentum.initial=0.5"], "hyperparameters.momentum"
      ),
      (
        ["hyperparameters.momentum.initial=0.5", "hyperparameters.momentum.raw=0"],
        "hyperparameters.momentum"
      ),
      (["hyperparameters.momentum={initial: 0.5, raw: 0}"], "hyperparameters.momentum"),
      (
        [
          "hyperparameters.learning-rate.tuned=false", "hyperparameters.momentum.tuned=false",
          "hyperparameters.weight-decay.tuned=false",
        ], "method"
      ),
    ])
  func refuses(assignments: [String], key: String) {
    let error = error(of: assignments)
    #expect(error?.key == key)
    // Every one of these was caused by an assignment, which is to be named.
    #expect(error?.place?.hasPrefix("--set ") == true)
  }

  @Test(
    "do not disturb where they do not matter",
    arguments: [
      ["compute=bfloat16"], ["compute=float32", "precision=double"],
      ["window.observed=12"], ["window.observed=50"], ["dmd.stacks=18"],
      ["method=local", "window.observed=1"], ["method=none", "window.observed=3"],
      ["estimator=last", "window.observed=1"], ["estimator=tail-mean", "window.observed=10"],
      ["hyperparameters.momentum={initial: 0, tuned: false}"],
      // A sigmoid stays inside its open interval, however far out φ is.
      ["hyperparameters.momentum={raw: 800}"],
      ["hyperparameters.learning-rate={initial: 1.5, transform: exp}"],
      ["hyperparameters.weight-decay={initial: 0, transform: identity}"],
      ["hyperparameters.momentum={minimum: 0.9, maximum: 0.95}"],
      ["hyperparameters.learning-rate={minimum: 0.001, maximum: null}", "inner.patience=3"],
      ["outer.optimizer=adam", "outer.learning-rate=0.5"],
      ["outer.learning-rate=0.5", "outer.largest=0.5"],
      ["data.train-limit=128"], ["inner.batch=7"], ["truncated-global.windows=21"],
      ["inner.optimizer=adam"], ["inner.optimizer=adam", "hyperparameters.beta2.tuned=true"],
      [
        "method=none", "hyperparameters.learning-rate.tuned=false",
        "hyperparameters.momentum.tuned=false", "hyperparameters.weight-decay.tuned=false",
      ],
    ])
  func accepts(assignments: [String]) {
    #expect(error(of: assignments) == nil)
  }

  @Test("the sentence says how to tune a momentum that starts at 0")
  func explainsTransforms() {
    #expect(
      error(of: ["hyperparameters.momentum.initial=0"])?.sentence
        == "0 cannot be tuned through sigmoid, whose values are above 0 and below 1: start "
        + "elsewhere, set hyperparameters.momentum.tuned to false, or take the transform identity, "
        + "which keeps to legal values all the same.")
    #expect(
      error(of: ["hyperparameters.learning-rate.initial=1.5"])?.sentence
        .hasSuffix("or take the transform exp or softplus.") == true)
  }

  /// Past the reader, which refuses these values key by key: what a module complains of has its key.
  @Test("a module's complaint gets the key of the setting that it blames")
  func keysOfComplaints() {
    let changes: [(key: String, change: (inout Configuration) -> Void)] = [
      ("inner.steps", { $0.inner.steps = 0 }), ("inner.patience", { $0.inner.patience = 0 }),
      ("inner.warmup", { $0.inner.warmup = $0.inner.steps }),
      ("window.carry", { $0.window.carry = 2 }),
      ("window.observed", { $0.window.observed = 0 }),
      ("divergence.retreats", { $0.divergence.retreats = -1 }),
      ("divergence.shrink", { $0.divergence.shrink = 2 }),
      ("divergence.rise", { $0.divergence.rise = 0 }),
      ("outer.learning-rate", { $0.outer.largest = 0.01 }),
      (
        "global-restart.outer-steps",
        {
          $0.method = .globalRestart
          $0.globalRestart.outerSteps = 0
        }
      ),
      (
        "truncated-global.windows",
        {
          $0.method = .truncatedGlobal
          $0.truncatedGlobal.windows = 0
        }
      ),
    ]
    for (key, change) in changes {
      var configuration = Preset.glyphs.configuration
      change(&configuration)
      let conflict = configuration.conflict()
      #expect(conflict?.keys.first == key)
      #expect(conflict?.sentence.contains("(\(key)") == true, "\(conflict?.sentence ?? "none")")
    }
  }

  @Test("another optimizer leaves the preset's other hyperparameters behind")
  func dropsForeignHyperparameters() throws {
    let adam = try configuration(["inner.optimizer=adam"])
    #expect(adam.tunedNames == [.learningRate, .weightDecay])
    #expect(adam.hyperparameters.momentum == ConfiguredHyperparameters().momentum)
    #expect(
      adam.hyperparameterNames == [.learningRate, .beta1, .beta2, .epsilon, .weightDecay])
  }
}
