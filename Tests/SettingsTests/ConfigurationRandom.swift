import Datasets
import TestSupport

@testable import Settings

extension Configuration {
  /// A configuration without conflicts, with every key at random.
  static func random(using generator: inout SplitMix) -> Configuration {
    var random = Configuration()
    func pick<Choice: CaseIterable>(_ choice: inout Choice) {
      choice = Choice.allCases.randomElement(using: &generator) ?? choice
    }
    func number(_ range: ClosedRange<Double>) -> Double {
      Double.random(in: range, using: &generator)
    }
    func count(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    pick(&random.data.set)
    pick(&random.data.order)
    pick(&random.data.split)
    random.data.normalise =
      [
        .own, NormalisationRule.none, .standard,
        .given(Normalisation(mean: [number(-1...1)], deviation: [number(0.1...1)])),
        .given(
          Normalisation(
            mean: [number(-1...1), -0.5, 1e-7], deviation: [number(0.1...1), 1e9, 0.25])),
      ].randomElement(using: &generator) ?? .own
    if random.data.split == .file { random.data.set = .files }
    if [.files, .text].contains(random.data.set) {
      random.data.train = DataPath("/a b/#1: \"x\".csv")
      random.data.test = DataPath("/null")
    }
    if random.data.set == .files {
      random.data.validationFile = random.data.split == .file ? DataPath("/v") : nil
      random.data.trainTargets = Bool.random(using: &generator) ? nil : DataPath("/1e3")
      random.data.testTargets = Bool.random(using: &generator) ? nil : DataPath("/t")
      random.data.inputs = [nil, "a, b", "null", "7"].randomElement(using: &generator) ?? nil
      random.data.targets = [nil, "y"].randomElement(using: &generator) ?? nil
      random.data.classes =
        [.auto, ClassesRule.none, .given(count(2...1000))].randomElement(using: &generator) ?? .auto
    }
    if random.data.set == .text {
      random.data.context = count(1...1000)
      random.data.split = .random
    }
    random.network =
      [
        .lenet, .wideResNet(depth: 16, width: 4),
        .named(.perceptron(widths: [3, 65536], normalizes: true)), .named(.recurrent(sizes: [7])),
        .named(.transformer(layers: 2, width: 12, heads: 3)), .file(DataPath("/a b/#1: *.onnx")),
      ].randomElement(using: &generator) ?? .lenet
    if case .file = random.network {
      random.networkFreeze = NamePatterns(["*.bias", "a\"b\\", "onnx::MatMul_1", "null", "7"])
      random.networkTrain = NamePatterns(Bool.random(using: &generator) ? [] : ["?"])
      pick(&random.networkTie)
    } else {
      random.networkDropout = random.network.takesImages ? 0 : number(0...0.9)
    }
    random.inner.clip = Bool.random(using: &generator) ? nil : number(0.001...100)
    pick(&random.inner.optimizer)
    pick(&random.inner.schedule)
    random.inner.patience = Bool.random(using: &generator) ? nil : count(1...100)
    pick(&random.method)
    pick(&random.mode)
    pick(&random.estimator)
    pick(&random.dmd.modes)
    pick(&random.dmd.amplitudes)
    pick(&random.outer.optimizer)
    pick(&random.parallel.sums)
    pick(&random.divergence.policy)
    pick(&random.precision)
    if random.precision == .float { pick(&random.compute) }
    random.seed = generator.next()
    random.data.validation = count(1...50000)
    random.inner.batch = count(1...512)
    random.data.trainLimit = Bool.random(using: &generator) ? nil : count(512...60000)
    random.data.imbalance = random.data.set == .text ? 1 : number(1...1000)
    random.data.flip = Bool.random(using: &generator)
    random.data.partial = Bool.random(using: &generator)
    random.data.crop = count(0...16)
    random.dmd.stacks = count(1...40)
    random.window.observed = random.dmd.stacks + count(2...10)
    random.window.length = random.window.observed + count(0...50)
    random.inner.steps = random.window.length * count(20...400)
    if random.mode != .reverse {
      random.window.carry =
        Bool.random(using: &generator) ? .remaining : .decay(number(0...1))
    }
    pick(&random.task)
    random.reweighting.hidden = count(1...2000)
    random.reweighting.input =
      [nil, .attached, .detached].randomElement(using: &generator) ?? nil
    pick(&random.reweighting.reduction)
    random.parallel.trajectoryMemory = count(1...100_000)
    random.dmd.rank =
      [.full, .hardThreshold, .fixed(count(1...90)), .energy(number(0.001...1))]
      .randomElement(using: &generator) ?? .full
    random.dmd.tolerance = number(0...0.999)
    random.dmd.ridge = number(0...1e-6)
    random.dmd.conditionLimit = number(1.1...1e12)
    random.dmd.cap = number(0.1...1e3)
    random.dmd.affineDirections = count(1...1000)
    random.globalRestart.outerSteps = count(1...1000)
    random.truncatedGlobal.windows = count(1...20)
    pick(&random.implicit.solver)
    random.implicit.steps = count(1...100_000)
    random.implicit.rank = count(1...1000)
    random.implicit.damping = number(1e-9...1e6)
    random.implicit.stepSize = Bool.random(using: &generator) ? number(1e-9...1e6) : nil
    random.implicit.minibatches = count(1...100_000)
    random.outer.learningRate = number(1e-9...3)
    random.outer.momentum = number(0...0.99)
    random.outer.beta1 = number(0...0.99)
    random.outer.beta2 = number(0...0.9999)
    random.outer.epsilon = number(1e-12...1e-6)
    random.initial.parameters =
      [nil, "a b.safetensors", "-x: #'\"\n", "null", "1e3"]
      .randomElement(using: &generator) ?? nil
    if random.network.path != nil, random.initial.parameters == nil {
      random.initial.draw = Bool.random(using: &generator)
    }
    random.parallel.grid =
      Bool.random(using: &generator) ? .auto : .fixed(columns: count(1...64), data: count(1...64))
    random.parallel.shard = count(1...256)
    random.parallel.threads = count(1...64)
    random.divergence.retreats = count(0...20)
    random.divergence.shrink = number(0.01...0.99)
    random.divergence.rise = Bool.random(using: &generator) ? number(1...100) : nil
    random.outer.shrink = number(0.01...0.99)
    random.outer.growth = number(1...10)
    random.outer.smallest = number(0...1e-9)
    random.outer.largest = number(3...10)
    random.watchdog.seconds = Bool.random(using: &generator) ? nil : Double(count(1...600))
    random.checkpoint.every = Bool.random(using: &generator) ? nil : count(1...100)
    random.checkpoint.keep = count(1...100)
    random.evaluation.interval = Bool.random(using: &generator) ? nil : count(1...100)
    for name in random.hyperparameterNames {
      var hyperparameter = random.hyperparameters[name]
      hyperparameter.start =
        Bool.random(using: &generator) ? .value(number(1e-9...0.999)) : .raw(number(-20 ... -1))
      hyperparameter.tuned = Bool.random(using: &generator)
      // Through the identity a raw number below 0 is a value below 0.
      if case .raw = hyperparameter.start {
        hyperparameter.transform = Bool.random(using: &generator) ? .sigmoid : .softplus
      } else {
        pick(&hyperparameter.transform)
      }
      let value = hyperparameter.value
      hyperparameter.minimum = Bool.random(using: &generator) ? nil : value * number(0.1...0.9)
      hyperparameter.maximum =
        Bool.random(using: &generator) ? nil : value + (1 - value) * number(0...0.9)
      random.hyperparameters[name] = hyperparameter
    }
    if random.tunedNames.isEmpty { random.method = .none }
    if random.method == .implicit,
      !random.tunedNames.allSatisfy({
        random.implicit.tunes($0, of: random.inner.algorithm)
      })
    {
      random.implicit.solver = .oneStep
    }
    return random
  }
}
