import ArgumentParser
import Differentiation
import Hypergradients
import Learning
import Networks
import Storage
import Tensors

/// `glocal-bench tape`: the passes of a shard of a perceptron, a GRU or a transformer.
struct TapeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tape",
    abstract:
      "The passes of a perceptron, a GRU or a transformer, and the products' share of them.",
    discussion: """
      Perceptrons read rows of 784 numbers and tell 10 classes, GRUs sequences of 64 steps of 16 numbers,
      transformers 128 tokens of 256 kinds, and say the next one.
      """)

  @Argument(
    help: ArgumentHelp(
      "\(NetworkName.forms); without one, mlp-512-512, gru-128 and transformer-4-128-4.",
      valueName: "network"), transform: { try NetworkName($0) })
  var network: NetworkName?

  @Option(
    help: ArgumentHelp(
      "Examples in a shard; without it, 128 for perceptrons, 16 for GRUs, 4 for transformers.",
      valueName: "N"))
  var examples: Int?

  @OptionGroup var repeats: RepeatsOption

  func validate() throws {
    if let examples { try requirePositive(examples, "--examples") }
  }

  func run() throws {
    useOneThread()
    let all: [NetworkName] = [
      .perceptron(widths: [512, 512], normalizes: false), .recurrent(sizes: [128]),
      .transformer(layers: 4, width: 128, heads: 4),
    ]
    for name in network.map({ [$0] }) ?? all { try TimedTape(name, examples).time(repeats) }
  }
}

/// A shard's tape with numbers in it.
private struct TimedTape {
  private let model: NetworkModel
  private let shard: ShardTape<Float>
  private let parameters: Buffer<Float>
  private let direction: Buffer<Float>
  private let gradient: Buffer<Float>
  private let seeds: Buffer<Float>
  /// What goes into the inputs, if they are numbers.
  private let numbers: Buffer<Float>

  init(_ name: NetworkName, _ examples: Int?) throws {
    let input: ExampleField.Kind
    var (target, classes, count) = (ExampleField.Kind.integers([]), 10, 128)
    switch name {
    case .perceptron: input = .numbers([784])
    case .recurrent: (input, count) = (.numbers([64, 16]), 16)
    case .transformer:
      (input, target, classes, count) = (.integers([128]), .integers([128]), 256, 4)
    }
    let fields = [ExampleField("inputs", input), ExampleField("targets", target)]
    model = try NetworkModel(
      name,
      for: ExampleDescription(
        input: fields[0], target: fields[1], vocabulary: classes, classes: classes))
    shard = ShardTape(model, fields, count: examples ?? count, passes: .tangents)
    let p = model.parameters.count
    (parameters, direction) = (Buffer(count: p), Buffer(count: p))
    (gradient, seeds) = (Buffer(count: p), Buffer(count: shard.count))
    let start = model.parameters.initialParameters(seed: 1, as: Float.self)
    for i in 0..<p {
      parameters.pointer[i] = start[i]
      direction.pointer[i] = Float(i % 7) / 100
    }
    Elementwise.fill(seeds.pointer, count: seeds.count, with: 1 / Float(shard.count))
    let targets = shard.fields.integers("targets")
    for i in 0..<targets.count { targets.pointer[i] = Int32(i * 3 % classes) }
    if case .integers = input {
      let tokens = shard.fields.integers("inputs")
      for i in 0..<tokens.count { tokens.pointer[i] = Int32(i * 7 % classes) }
      numbers = Buffer(count: 0)
    } else {
      numbers = Buffer(count: shard.fields.numbers("inputs").count)
      for i in 0..<numbers.count { numbers.pointer[i] = Float(i % 13) / 10 - 0.6 }
    }
  }

  private func fill() {
    guard case .numbers = model.network.input else { return }
    shard.fields.numbers("inputs").value.update(from: numbers.pointer, count: numbers.count)
  }

  private func gradientPass() {
    shard.tape.bind(parameters: parameters.pointer)
    fill()
    shard.tape.replay()
    shard.tape.pullback(seed: seeds.pointer, into: gradient.pointer)
  }

  private func tangentPass() {
    _ = shard.tape.tangents(along: direction.pointer)
    shard.tape.pullbackTangents(seed: seeds.pointer, into: gradient.pointer)
  }

  func time(_ repeats: RepeatsOption) {
    gradientPass()
    for (pass, run) in [("gradient", gradientPass), ("tangent", tangentPass)] {
      let timing = repeats.repetition.fastest(run)
      let profile = WorkProfile()
      shard.tape.profile = profile
      let start = ContinuousClock.now
      let runs = 3
      for _ in 0..<runs { run() }
      let seconds = (ContinuousClock.now - start).inSeconds
      shard.tape.profile = nil
      BenchLine("tape").with("network", .string(model.name)).with("pass", .string(pass))
        .with("examples", .integer(shard.count))
        .with(timing, operations: profile.operations / runs)
        .with("product_share", .number(profile.seconds(of: .product) / seconds))
        .with("normalization_share", .number(profile.seconds(of: .normalization) / seconds))
        .with("elementwise_share", .number(profile.seconds(of: .elementwise) / seconds))
        .print()
    }
  }
}
