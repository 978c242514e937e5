import Datasets
import Differentiation
import Hypergradients
import Learning
import MessagePassing
import Networks
import Settings
import Tensors

/// Measures the time that this machine needs for the parts of a window: a few short steps on noise
/// of the right shape, on one rank, without MPI and without data.
struct Calibration<Number: Scalar & MessageElement> {
  private static var shards: Int { 4 }

  private let configuration: Configuration
  private let network: any DescribedModel
  private let clock = ContinuousClock()

  init(_ configuration: Configuration, _ network: any DescribedModel) {
    self.configuration = configuration
    self.network = network
  }

  /// The times of one core.
  func measured() throws -> ComputeRates {
    let problem = try problem()
    let plain = fastest { step(problem, tangents: 0) }
    let tangents = 2
    let jets = fastest { step(problem, tangents: tangents) }
    let validation = fastest { validate(problem) }
    let shards = Double(Self.shards)
    return ComputeRates(
      gradient: plain / shards,
      tangent: max(0, jets - plain) / (shards * Double(tangents)),
      validation: validation / shards, update: update(),
      parameterCount: network.parameters.count, shard: configuration.parallel.shard)
  }

  /// The bytes of the arenas of a run's three tapes.
  var arenaBytes: Int {
    [Tape<Number>.Passes.tangents, .gradients, .values].reduce(0) { sum, passes in
      let tape = ShardTape<Number>(
        network, network.examples.fields, count: configuration.parallel.shard, passes: passes,
        compute: configuration.compute)
      return sum + tape.tape.arenaCount * MemoryLayout<Number>.stride
    }
  }

  private func problem() throws -> ShardedProblem<Number> {
    let count = Self.shards * configuration.parallel.shard
    let noise = NoiseExamples(network.examples, count: count)
    let classes = network.examples.hasClasses ? network.examples.classes : 0
    return ShardedProblem<Number>(
      network, examples: SplitExamples(training: noise, validation: noise, test: noise),
      schedule: try MinibatchSchedule(
        order: .sequential, count: count, batch: count, seed: 0),
      loss: configuration.weightedLoss(
        classSizes: (0..<classes).map { (count + $0) / classes }),
      shard: configuration.parallel.shard,
      grid: try ProcessGrid(world: SerialCommunicator(), columns: 1, data: 1),
      summation: configuration.parallel.sums, compute: configuration.compute)
  }

  private func parameters(tangents: Int) -> Jet<Number> {
    let jet = Jet<Number>(count: network.parameters.count, tangentCount: tangents)
    let initial = network.parameters.initialParameters(seed: 0, as: Number.self)
    for k in 0...tangents {
      let start = jet.storage.pointer + k * jet.stride
      for (i, number) in initial.enumerated() { start[i] = number }
    }
    return jet
  }

  private func step(_ problem: ShardedProblem<Number>, tangents: Int) -> () -> Void {
    let parameters = parameters(tangents: tangents)
    let gradient = Jet<Number>(count: parameters.count, tangentCount: tangents)
    let loss = LossHyperparameters(
      [Double](repeating: 0.1, count: problem.lossHyperparameterCount),
      .columns([Int?](repeating: problem.lossHyperparameterCount > 0 ? 0 : nil, count: tangents)))
    return {
      _ = problem.trainingGradient(
        step: 0, parameters: parameters, hyperparameters: loss, gradient: gradient)
    }
  }

  private func validate(_ problem: ShardedProblem<Number>) -> () -> Void {
    let parameters = parameters(tangents: 0)
    let gradient = Jet<Number>(count: parameters.count, tangentCount: 0)
    return {
      _ = problem.validationGradient(
        parameters: UnsafeBufferPointer(parameters.primal), gradient: gradient.primal)
    }
  }

  /// The optimizer's time for one vector, in seconds.
  private func update() -> Double {
    let tangents = 3
    let optimizer = configuration.inner.algorithm
    let parameters = parameters(tangents: tangents)
    let state = TrainingState<Number>(
      parameterCount: parameters.count, optimizer: optimizer, tangentCount: tangents)
    let gradient = Jet<Number>(count: parameters.count, tangentCount: tangents)
    let scratch = Buffer<Number>(count: optimizer.scratchCount)
    let start = configuration.startingHyperparameters(
      layers: [], loss: [Double](repeating: 0, count: tangents), lossNames: [])
    let coefficients = InnerCoefficients(
      start, columns: start.count - tangents..<start.count, layers: [0..<parameters.count])
    let seconds = fastest {
      {
        optimizer.step(
          1, parameters: state.parameters, state: state.optimizer, gradient: gradient,
          coefficients: coefficients, scratch: scratch)
      }
    }
    return seconds / Double(1 + tangents)
  }

  /// The fastest of several calls, after a warm-up, within about a second.
  private func fastest(_ make: () -> () -> Void) -> Double {
    let work = make()
    work()
    var best = Double.infinity
    let begin = clock.now
    for _ in 0..<20 {
      let start = clock.now
      work()
      best = min(best, (clock.now - start).inSeconds)
      if (clock.now - begin).inSeconds > 1 { break }
    }
    return best
  }
}
