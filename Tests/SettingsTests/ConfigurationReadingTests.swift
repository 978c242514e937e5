import Foundation
import TestSupport
import Testing

@testable import Settings

@Suite("Reading a configuration")
struct ConfigurationReadingTests {
  /// The YAML of the design, whose names are fixed.
  static let design = """
    task: optimizer            # reweighting comes later
    network: lenet
    data: {set: mnist, validation: 700, order: sequential, split: tail, train-limit: 5000}
    inner: {optimizer: sgd, batch: 64, steps: 2000}
    hyperparameters:
      learning-rate: {initial: 0.02, transform: exp, tuned: true}
      momentum: {initial: 0.8, transform: sigmoid, tuned: false}
      weight-decay: {raw: -5.5, transform: softplus, tuned: true}
    window: {length: 40, observed: 30, carry: 0.5}
    method: glocal
    estimator: affine
    dmd: {stacks: 7, rank: fixed 4, tolerance: 0.01, modes: exact, amplitudes: first}
    outer: {optimizer: sgd, learning-rate: 0.3}
    initial: {parameters: start.safetensors}
    parallel: {grid: 2x4, shard: 8, sums: allreduce, threads: 2}
    divergence: {policy: stop, retreats: 3}
    precision: double
    seed: 12
    """

  @Test("every key arrives where it belongs")
  func reads() throws {
    let read = try configuration(yaml: Self.design)
    #expect(read.data.set == .mnist && read.data.validation == 700)
    #expect(read.data.order == .sequential && read.data.split == .tail)
    #expect(read.data.trainLimit == 5000)
    #expect(read.inner.optimizer == .sgd && read.inner.batch == 64 && read.inner.steps == 2000)
    #expect(
      read.hyperparameters.learningRate == ConfiguredHyperparameter(.value(0.02), .exp, tuned: true)
    )
    #expect(
      read.hyperparameters.momentum == ConfiguredHyperparameter(.value(0.8), .sigmoid, tuned: false)
    )
    #expect(
      read.hyperparameters.weightDecay
        == ConfiguredHyperparameter(.raw(-5.5), .softplus, tuned: true))
    #expect(read.tunedNames == [.learningRate, .weightDecay])
    #expect(read.window.length == 40 && read.window.observed == 30 && read.window.carry == 0.5)
    #expect(read.method == .glocal && read.estimator == .affine)
    #expect(read.dmd.stacks == 7 && read.dmd.rank == .fixed(4) && read.dmd.tolerance == 0.01)
    #expect(read.dmd.modes == .exact && read.dmd.amplitudes == .first)
    #expect(read.outer.optimizer == .sgd && read.outer.learningRate == 0.3)
    #expect(read.initial.parameters == "start.safetensors")
    #expect(read.parallel.grid == .fixed(columns: 2, data: 4) && read.parallel.shard == 8)
    #expect(read.parallel.sums == .allreduce && read.parallel.threads == 2)
    #expect(read.divergence.policy == .stop && read.divergence.retreats == 3)
    #expect(read.precision == .double && read.seed == 12)
  }

  @Test(
    "errors name file, line and key",
    arguments: [
      (
        "seed: 1\nwindow:\n  lenght: 3\n",
        "mine.yaml:3: window.lenght: unknown key. "
          + "Did you mean window.length?"
      ),
      (
        "hyperparameter:\n",
        "mine.yaml:1: hyperparameter: unknown key. Did you mean hyperparameters?"
      ),
      (
        "\nwindow: 3\n",
        "mine.yaml:2: window: must be a mapping of length, observed, carry, not 3. Did you mean window.length?"
      ),
      (
        "data:\nseed: 1\n",
        "mine.yaml:1: data: must be a mapping of set, train, test, validation-file, train-targets, "
          + "test-targets, validation-targets, inputs, targets, classes, context, normalise, partial, "
          + "validation, order, split, train-limit, imbalance, label-noise, flip, crop, not null. "
          + "Leave the key out to keep its defaults."
      ),
      (
        "seed: 1\nmethod: [local]\n",
        "mine.yaml:2: method: must be one of none, local, glocal, "
          + "global, global-restart, truncated-global, implicit, not a list."
      ),
      (
        "window:\n  length: 10\n  length: 20\n",
        "mine.yaml:2: length: stands more than once in the "
          + "same mapping. Keep one of them."
      ),
      (
        "window.length: 10\n",
        "mine.yaml:1: window.length: is a dotted key, which is for --set: "
          + "in a file, write a nested mapping."
      ),
      ("- seed\n", "mine.yaml:1: a configuration is a mapping of keys to values, not a list."),
      (
        "seed: 1\n\ninner:\n  steps: 1010\n",
        "mine.yaml:4: inner.steps: 1010 steps are no multiple "
          + "of window.length, 50: take 1000 or 1050."
      ),
      (
        "seed: 1\nxyzzy: 2\n",
        "mine.yaml:2: xyzzy: unknown key. The keys at the top are task, "
          + "network, network-dropout, network-freeze, network-train, network-tie, data, inner, "
          + "hyperparameters, reweighting, window, method, mode, "
          + "columns, estimator, dmd, global-restart, truncated-global, implicit, outer, initial, parallel, divergence, evaluation, "
          + "checkpoint, watchdog, precision, compute, seed."
      ),
    ])
  func namesThePlace(yaml: String, message: String) {
    #expect(error(yaml: yaml)?.description == message)
  }

  @Test(
    "what is not YAML is refused with its line",
    arguments: [
      "seed: 1\nwindow: {length: 3\n", "a: b: c\n", "seed: *x\n", "seed: 1\n---\nseed: 2\n",
      "\tseed: 1\n",
    ])
  func refusesOtherTexts(yaml: String) {
    #expect(error(yaml: yaml)?.place?.hasPrefix("mine.yaml:") == true)
    #expect(error(yaml: yaml)?.sentence.hasPrefix("is not YAML") == true)
  }

  @Test("an empty mapping changes nothing", arguments: ["{}\n", "# a comment\n---\n{}\n"])
  func acceptsEmptyMappings(yaml: String) throws {
    #expect(try configuration(yaml: yaml) == Preset.glyphs.configuration)
  }

  @Test(
    "a text without a key is refused",
    arguments: ["", "\n", "# a comment\n", "---\n", "null\n", "~"])
  func refusesEmptyTexts(yaml: String) {
    #expect(
      error(yaml: yaml)?.description
        == "mine.yaml: holds no key. Write one, or {} for a configuration that changes nothing.")
  }

  /// 40 lists, each of the two before it: 2³⁹ words.
  static let bomb = (1..<40).reduce("&a0 [x]") { "&a\($1) [\($0), *a\($1 - 1)]" }

  @Test(
    "a key must be a word, however it is written", .timeLimit(.minutes(1)),
    arguments: [
      ("seed: 1\n? \(bomb)\n: 1\n", 2), ("x: \(bomb)\n*a39 : 1\n", 2), ("{\(bomb): 1}", 1),
      ("window: {? \(bomb) : 3}\n", 1), ("a: &a b\nc: &a [\(bomb)]\n*a : 2\n", 3),
      ("? {a: b}\n: 1\n", 1), ("window:\n  ? - a\n  : 1\n", 2),
    ] as [(String, Int)])
  func refusesListsAsKeys(yaml: String, line: Int) {
    #expect(
      error(yaml: yaml)?.description == "mine.yaml:\(line): holds a key that is not a word.")
  }

  @Test("so too in --set", .timeLimit(.minutes(1)))
  func refusesListsAsKeysInAssignments() {
    #expect(
      error(of: ["window={? \(Self.bomb) : 3}"])?.sentence == "holds a key that is not a word.")
    #expect(error(of: ["seed=\(Self.bomb)"])?.sentence.hasSuffix("not a list.") == true)
  }

  @Test("an alias of a word may be a key or a value")
  func readsAliases() throws {
    let read = try configuration(yaml: "method: &m none\nestimator: &e dmd\nseed: 5\n")
    #expect(read.method == .none && read.seed == 5)
    let aliased = try configuration(
      yaml: "window: {length: &length 40, observed: *length}\ndmd: {stacks: 5}\n")
    #expect(aliased.window.length == 40 && aliased.window.observed == 40)
    let key = try configuration(yaml: "initial: {parameters: &k seed}\n*k : 7\n")
    #expect(key.seed == 7)
  }

  @Test("merge keys and deep nesting get a sentence")
  func refusesMergeKeys() {
    #expect(
      error(yaml: "inner: &i {steps: 100}\nwindow:\n  <<: *i\n")?.description
        == "mine.yaml:3: holds the merge key <<, which is not read here. Write its keys out.")
    let deep = String(repeating: "[", count: 51) + String(repeating: "]", count: 51)
    #expect(error(yaml: "seed: \(deep)")?.sentence == "is nested deeper than any configuration.")
  }

  @Test(
    "the nearest key is suggested",
    arguments: [
      ("windw.length", "window.length"), ("window.lengths", "window.length"),
      ("length", "window.length"), ("steps", "inner.steps"), ("batch-size", "inner.batch"),
      ("hyperparameters.learningrate.initial", "hyperparameters.learning-rate.initial"),
      ("learning-rate", "hyperparameters.learning-rate.initial"), ("sede", "seed"),
      ("dmd.amplitude", "dmd.amplitudes"),
      (
        "hyperparameters.momentum.tune",
        "hyperparameters.momentum.tuned"
      ), ("zzzzzz", nil),
    ] as [(String, String?)])
  func suggestsKey(key: String, suggestion: String?) {
    let sentence = error(of: ["\(key)=1"])?.sentence
    #expect(sentence?.hasPrefix("unknown key. ") == true)
    if let suggestion { #expect(sentence == "unknown key. Did you mean \(suggestion)?") }
    #expect(sentence?.contains("Did you mean") == (suggestion != nil))
  }

  @Test("--set takes scalars and flow mappings; the later one holds")
  func sets() throws {
    let set = try configuration([
      "data.train-limit=300", "data.train-limit=null", "window={observed: 30, carry: 0.25}",
      "hyperparameters.learning-rate.initial=0.1", "dmd.rank=fixed 3", "seed=7", "seed=8",
    ])
    #expect(set.data.trainLimit == nil && set.seed == 8 && set.dmd.rank == .fixed(3))
    #expect(set.window.observed == 30 && set.window.carry == 0.25 && set.window.length == 50)
    #expect(set.hyperparameters.learningRate.start == .value(0.1))
    #expect(set.hyperparameters.learningRate.tuned)
  }

  @Test("--set without a key or a value is refused", arguments: ["seed", "=3", ""])
  func refusesHalfAssignments(assignment: String) {
    #expect(error(of: [assignment])?.sentence.hasPrefix("must be KEY=VALUE") == true)
  }

  @Test(
    "a path keeps its characters",
    arguments: [
      "/tmp/a b.safetensors", "a: b", "#1", "1e3", "true", "{a}", "C:\\x", "x #y", "",
    ])
  func keepsPaths(path: String) throws {
    let set = try configuration(["initial.parameters=\(path)"])
    #expect(set.initial.parameters == (path.isEmpty ? nil : path))
    let again = try configuration(yaml: set.yaml(comments: false))
    #expect(again.initial.parameters == set.initial.parameters)
  }

  @Test("a file that cannot be read is named")
  func namesFiles() {
    let folder = FileManager.default.temporaryDirectory.path
    for (path, words) in [("/nowhere/mine.yaml", "no such file"), (folder, "is a folder")] {
      let error = #expect(throws: ConfigurationError.self) {
        var reader = ConfigurationReader(over: Configuration())
        try reader.read(file: path)
      }
      #expect(error?.description.hasPrefix("\(path): \(words)") == true)
    }
  }

  @Test("a file that is called like a key still gets the key named")
  func namesKeyBesideFile() {
    let error = #expect(throws: ConfigurationError.self) {
      var reader = ConfigurationReader(over: Configuration())
      try reader.read(yaml: "seed: -1", name: "seed.yaml")
    }
    #expect(error?.description.hasPrefix("seed.yaml:1: seed: must be ") == true)
  }

  @Test("a file that is no text is refused")
  func refusesBinaryFiles() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data([0x73, 0xff, 0xfe, 0x00]).write(to: file)
    let error = #expect(throws: ConfigurationError.self) {
      var reader = ConfigurationReader(over: Configuration())
      try reader.read(file: file.path)
    }
    #expect(error?.sentence == "is not a text file in UTF-8.")
  }
}
