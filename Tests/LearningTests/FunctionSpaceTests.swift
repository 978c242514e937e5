import Datasets
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
  private static let warm = 60

  private func problem(_ loss: WeightedLoss) throws -> ShardedProblem<Float> {
    let images = Glyphs.images(.train, count: 1400, seed: 3)
    return ShardedProblem<Float>(
      LeNet(),
      images: SplitImages(
        training: images.selecting(0..<1000), validation: images.selecting(1000..<1300),
        test: images.selecting(1300..<1400)),
      schedule: try MinibatchSchedule(order: .shuffled, count: 1000, batch: 64, seed: 1),
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
    _ problem: ShardedProblem<Float>, columns: Int
  ) -> TrainingState<Float> {
    let state = TrainingState<Float>(
      parameterCount: problem.parameterCount, optimizer: MomentumDescent(), tangentCount: columns)
    let initial = LeNet().parameters.initialParameters(seed: 5, as: Float.self)
    _ = state.parameters.primal.update(fromContentsOf: initial)
    return state
  }

  /// h of all of φ after a window, with columns along hats, or exact from adjoints.
  private func hypergradient(
    _ network: WeightNetwork, _ input: WeightedLoss.Input, _ reduction: WeightedLoss.Reduction,
    hats: Int?
  ) throws -> [Double] {
    let loss = WeightedLoss(
      network, input: input, reduction: reduction,
      basis: hats.map { .columns($0, classCount: 10) })
    let (problem, all) = (try problem(loss), start(network, reduction))
    let training = InnerTraining(problem, optimizer: MomentumDescent(), hyperparameters: all)
    let plain = ForwardColumns(training, columns: 0..<0)
    var warmed = state(problem, columns: 0)
    _ = try plain.advance(&warmed, steps: Self.warm, observed: 0, hyperparameters: all)
    guard let hats else {
      let reverse = ReverseAdjoints(training, observed: 1, memoryLimit: 1 << 30)
      reverse.restart(warmed, carry: 0, steps: Self.steps)
      return try reverse.advance(
        &warmed, steps: Self.steps, observed: 1, hyperparameters: all
      ).hypergradients
    }
    let columns = ForwardColumns(training, columns: 0..<hats)
    var forward = state(problem, columns: hats)
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
    let network = WeightNetwork(hidden: hidden)
    let exact = try hypergradient(network, input, reduction, hats: nil)
    let (few, many) = try (
      cosine(hypergradient(network, input, reduction, hats: 12), exact),
      cosine(hypergradient(network, input, reduction, hats: 32), exact)
    )
    #expect(exact.map(abs).max() ?? 0 > 1e-4, "a window that has diverged checks nothing")
    #expect(few >= 0.99)
    // With the normalised loss the slopes of hats come in, which are steps.
    #expect(many >= (input == .attached && reduction == .normalised ? 0.99 : 0.999))
  }
}
