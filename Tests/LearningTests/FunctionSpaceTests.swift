@testable import Datasets
import Glibc
import Learning
import MessagePassing
import Networks
import Tensors
import Testing

@testable import Hypergradients

/// Columns along hats of the loss against the exact hypergradient of a weight network's parameters.
@Suite struct FunctionSpaceTests {
  private static let steps = 10

  /// What is trained, for how long before the window, and on how much at a time.
  struct Setting: Sendable {
    var network: any Network
    var warm: Int
    var batch: Int
    /// Glyphs as they are, or in colour and larger.
    var images: ImageSet

    static let lenet = Setting(
      network: LeNet(), warm: 60, batch: 64, images: Glyphs.images(.train, count: 1400, seed: 3))
    static let wideResNet = Setting(
      network: WideResNet(depth: 10, width: 1), warm: 20, batch: 16,
      images: coloured(Glyphs.images(.train, count: 500, seed: 3)))
  }

  /// 28 × 28 grey pixels in the middle of 32 × 32 ones, with another tint for each class.
  private static func coloured(_ images: ImageSet) -> ImageSet {
    var pixels = [UInt8](repeating: 0, count: images.count * 3 * 32 * 32)
    for n in 0..<images.count {
      for channel in 0..<3 {
        let tint = 3 + (Int(images.storedLabels[n]) + channel) % 3
        for y in 0..<28 {
          for x in 0..<28 {
            let grey = Int(images.pixels[(n * 28 + y) * 28 + x])
            pixels[((n * 3 + channel) * 32 + y + 2) * 32 + x + 2] = UInt8(grey * tint / 5)
          }
        }
      }
    }
    return ImageSet(
      name: "coloured", height: 32, width: 32, channels: 3, classCount: images.classCount,
      normalisation: .cifar10, pixels: pixels, labels: images.storedLabels)
  }

  private func problem(_ setting: Setting, _ loss: WeightedLoss) throws -> ShardedProblem<Float> {
    let images = setting.images
    let training = images.count * 5 / 7
    let end = images.count * 13 / 14
    return ShardedProblem<Float>(
      setting.network,
      images: SplitImages(
        training: images.selecting(0..<training), validation: images.selecting(training..<end),
        test: images.selecting(end..<images.count)),
      schedule: try MinibatchSchedule(
        order: .shuffled, count: training, batch: setting.batch, seed: 1),
      loss: loss, shard: 16,
      grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: .reproducible)
  }

  private func start(
    _ network: WeightNetwork, _ reduction: WeightedLoss.Reduction
  ) -> Hyperparameters {
    Hyperparameters(
      [
        // Faster, the attached and normalised loss diverges.
        Hyperparameter(.learningRate, fixedAt: reduction == .mean ? 0.02 : 0.01),
        Hyperparameter(.momentum, fixedAt: 0.9),
        Hyperparameter(.weightDecay, fixedAt: 5e-4),
      ], loss: network.initialHyperparameters(seed: 11))
  }

  private func state(
    _ setting: Setting, _ problem: ShardedProblem<Float>, columns: Int
  ) -> TrainingState<Float> {
    let state = TrainingState<Float>(
      parameterCount: problem.parameterCount, optimizer: MomentumDescent(), tangentCount: columns)
    let initial = setting.network.parameters.initialParameters(seed: 5, as: Float.self)
    _ = state.parameters.primal.update(fromContentsOf: initial)
    return state
  }

  /// h of all of φ after a window, with columns along hats, or exact from adjoints.
  private func hypergradient(
    _ setting: Setting, _ network: WeightNetwork, _ input: WeightedLoss.Input,
    _ reduction: WeightedLoss.Reduction,
    hats: Int?
  ) throws -> [Double] {
    let loss = WeightedLoss(
      network, input: input, reduction: reduction,
      basis: hats.map { .columns($0, classCount: 10) })
    let (problem, all) = (try problem(setting, loss), start(network, reduction))
    let training = InnerTraining(problem, optimizer: MomentumDescent(), hyperparameters: all)
    let plain = ForwardColumns(training, columns: 0..<0)
    var warmed = state(setting, problem, columns: 0)
    _ = try plain.advance(&warmed, steps: setting.warm, observed: 0, hyperparameters: all)
    guard let hats else {
      let reverse = ReverseAdjoints(training, observed: 1, memoryLimit: 1 << 30)
      reverse.restart(warmed, carry: 0, steps: Self.steps)
      return try reverse.advance(
        &warmed, steps: Self.steps, observed: 1, hyperparameters: all
      ).hypergradients
    }
    let columns = ForwardColumns(training, columns: 0..<hats)
    var forward = state(setting, problem, columns: hats)
    for (own, warm) in zip(forward.jets, warmed.jets) {
      _ = own.primal.update(fromContentsOf: warm.primal)
    }
    forward.step = warmed.step
    columns.restart(forward, carry: 0, steps: Self.steps)
    let found = try columns.advance(
      &forward, steps: Self.steps, observed: 1, hyperparameters: all)
    let map = try #require(problem.lossColumnMap(hyperparameters: all.loss))
    return map(found.hypergradients, own: 0)
  }

  private func cosine(_ a: [Double], _ b: [Double]) -> Double {
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
  }

  @Test(
    arguments: [
      (WeightedLoss.Input.attached, WeightedLoss.Reduction.mean, 128), (.attached, .mean, 1024),
      (.detached, .mean, 1024), (.attached, .normalised, 1024), (.detached, .normalised, 128),
    ])
  func hatsStandForAllParameters(
    input: WeightedLoss.Input, reduction: WeightedLoss.Reduction, hidden: Int
  ) throws {
    try compare(.lenet, input, reduction, hidden: hidden)
  }

  @Test(arguments: [(WeightedLoss.Input.attached, 128), (.detached, 1024)])
  func soInAWideResNet(input: WeightedLoss.Input, hidden: Int) throws {
    try compare(.wideResNet, input, .mean, hidden: hidden)
  }

  private func compare(
    _ setting: Setting, _ input: WeightedLoss.Input, _ reduction: WeightedLoss.Reduction,
    hidden: Int
  ) throws {
    let network = WeightNetwork(hidden: hidden)
    func found(_ hats: Int?) throws -> [Double] {
      try hypergradient(setting, network, input, reduction, hats: hats)
    }
    let exact = try found(nil)
    let (few, many) = (try cosine(found(12), exact), try cosine(found(32), exact))
    #expect(exact.map(abs).max() ?? 0 > 1e-4, "a window that has diverged checks nothing")
    #expect(few >= 0.99, "\(few)")
    // With the normalised loss the slopes of hats come in, which are steps.
    let least = input == .attached && reduction == .normalised ? 0.99 : 0.999
    #expect(many >= least, "\(many)")
  }
}
