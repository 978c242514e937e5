import Datasets
import Hypergradients
import Learning
import TestSupport
import Testing

@testable import Settings

/// Whether a preset tunes weights of examples.
private func weighs(_ name: String) -> Bool {
  name.hasPrefix("reweight") || name == "glyphs-wrong-labels"
}

@Suite("Presets")
struct PresetTests {
  @Test("have no conflicts", arguments: Preset.all.map(\.name))
  func valid(name: String) throws {
    let preset = try Preset.named(name)
    #expect(try ConfigurationReader(over: preset.configuration).checked() == preset.configuration)
    let expected: [HyperparameterName] =
      if weighs(name) {
        []
      } else if name.hasPrefix("wrn") {
        [.learningRate, .weightDecay]
      } else {
        [.learningRate, .momentum, .weightDecay]
      }
    #expect(preset.configuration.tunedNames == expected)
    #expect((preset.configuration.task == .reweighting) == weighs(name))
  }

  @Test("the default is the design's, with the estimator and the steps that were found better")
  func theDefault() throws {
    let text = """
      task: optimizer
      network: lenet
      data: {set: glyphs, validation: 600, order: shuffled, split: random, train-limit: null}
      inner: {optimizer: sgd, batch: 128, steps: 1000}
      hyperparameters:
        learning-rate: {initial: 0.01, transform: sigmoid, tuned: true}
        momentum: {initial: 0.9, transform: sigmoid, tuned: true}
        weight-decay: {initial: 0.0005, transform: sigmoid, tuned: true}
      window: {length: 50, observed: 20, carry: 0.8}
      method: glocal
      estimator: tail-mean
      dmd: {stacks: 10, rank: energy 0.9999, tolerance: 0.05, modes: projected, amplitudes: all}
      outer: {optimizer: rprop, learning-rate: 0.1, smallest: 0.05, largest: 0.2}
      initial: {parameters: null}
      parallel: {grid: auto, shard: 16, sums: reproducible, threads: 1}
      divergence: {policy: retreat, retreats: 5, rise: 1.5}
      precision: float
      compute: float32
      seed: 0
      """
    var reader = ConfigurationReader(over: Configuration())
    try reader.read(yaml: text, name: "design")
    #expect(try reader.checked() == Preset.glyphs.configuration)
    #expect(Preset.all.first?.name == "glyphs")
  }

  @Test("parameters that are given do not say what an untrained network's loss is")
  func risesOfGivenParameters() {
    var configuration = Preset.glyphs.configuration
    #expect(configuration.tuningSettings(.glocal, .forward).divergence.rise == 1.5)
    configuration.initial.parameters = "trained.safetensors"
    #expect(configuration.tuningSettings(.glocal, .forward).divergence.rise == nil)
  }

  @Test(
    "a tenth of the paper's training images is held out",
    arguments: Preset.all.dropFirst().map(\.name).filter { !weighs($0) })
  func heldOut(name: String) throws {
    let configuration = try Preset.named(name).configuration
    // MNIST and its relatives have 60 000 training images, CIFAR 50 000, SVHN 73 257.
    let expected = name.hasSuffix("svhn") ? 7325 : name.hasPrefix("wrn") ? 5000 : 6000
    #expect(configuration.data.validation == expected)
    #expect(configuration.inner.steps >= 2000)
  }

  @Test(
    "reweighting holds out 1000 balanced images and cuts a long tail",
    arguments: [
      ("reweight-cifar10-lt50", 50), ("reweight-cifar10-lt100", 100),
      ("reweight-cifar100-lt50", 50),
    ])
  func longTails(name: String, imbalance: Double) throws {
    let configuration = try Preset.named(name).configuration
    #expect(configuration.data.validation == 1000 && configuration.data.split == .balanced)
    #expect(configuration.data.imbalance == imbalance)
    #expect(configuration.reweighting.hidden == 128)
  }

  @Test(
    "weights of classes and of losses are tuned with carried columns, and nothing else",
    arguments: [
      ("reweight-fashion-mnist-lt100", WeightFunction.classes, 100.0, 0.0),
      ("reweight-fashion-mnist-noise40", .spline, 1, 0.4),
    ])
  func weights(name: String, function: WeightFunction, imbalance: Double, noise: Double) throws {
    let configuration = try Preset.named(name).configuration
    #expect(configuration.reweighting.function == function)
    #expect(configuration.data.imbalance == imbalance)
    #expect(configuration.data.labelNoise == LabelNoise("\(noise)"))
    #expect(configuration.data.validation == 1000 && configuration.data.split == .balanced)
    #expect(configuration.window.carry == 0.8 && configuration.tunedNames.isEmpty)
    #expect(configuration.inner.schedule == .cosine)
  }

  @Test("the quickstart's preset needs no data and has wrong labels in the training part alone")
  func wrongLabelsOfGlyphs() throws {
    let configuration = try Preset.named("glyphs-wrong-labels").configuration
    #expect(configuration.data.set == .glyphs && configuration.data.labelNoise == LabelNoise("0.4"))
    #expect(configuration.data.split == .balanced && configuration.window.carry == 0.8)
    #expect(configuration.reweighting.function == .spline && configuration.tunedNames.isEmpty)
    #expect(configuration.evaluation.baseline)
  }

  @Test(
    "a misspelt name is put right",
    arguments: [
      ("lenet-mnst", "lenet-mnist"), ("glyph", "glyphs"), ("lenet-fashion", "lenet-fashion-mnist"),
      ("resnet", nil),
      ("docter", "doctor"),
      ("presests", "presets"),
    ] as [(String, String?)])
  func suggests(name: String, suggestion: String?) {
    let error = #expect(throws: ConfigurationError.self) { try Preset.named(name) }
    if let suggestion {
      #expect(error?.sentence.hasSuffix("Did you mean \(suggestion)?") == true)
    } else {
      #expect(
        error?.sentence.contains("The presets are glyphs, glyphs-wrong-labels, lenet-mnist") == true
      )
    }
  }
}
