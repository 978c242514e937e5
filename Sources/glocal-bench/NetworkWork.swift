import Datasets
import Differentiation
import Hypergradients
import Learning
import MessagePassing
import Tensors

/// A network with tuned learning rate, weight decay and momentum: the engine of glocal-dist without
/// its run folder.
struct NetworkWork {
  let problem: ShardedProblem<Float>
  let hyperparameters: Hyperparameters
  let optimizer = MomentumDescent()
  let initialParameters: [Float]

  /// - Parameters:
  ///   - batch: images per minibatch.
  ///   - shard: images per forward pass.
  ///   - validation: images in the validation set.
  ///   - columns: how many of the three hyperparameters are tuned.
  ///   - grid: how the work is distributed.
  ///   - compute: the precision of the products' operands.
  init(
    _ benched: BenchedNetwork, batch: Int, shard: Int, validation: Int, columns: Int,
    grid: ProcessGrid, compute: ComputePrecision
  ) throws {
    let trainingCount = max(batch, 2000)
    let images = benched.images(count: trainingCount + validation)
    problem = ShardedProblem(
      benched.network,
      images: SplitImages(
        training: images.selecting(0..<trainingCount),
        validation: images.selecting(trainingCount..<trainingCount + validation),
        test: images.selecting(0..<0)),
      schedule: try MinibatchSchedule(
        order: .shuffled, count: trainingCount, batch: batch, seed: 0),
      shard: shard, grid: grid, summation: .reproducible,
      compute: compute)
    hyperparameters = Hyperparameters([
      try Hyperparameter(.learningRate, value: 0.01, .sigmoid, isTuned: columns > 0),
      try Hyperparameter(.momentum, value: 0.9, .sigmoid, isTuned: columns > 2),
      try Hyperparameter(.weightDecay, value: 5e-4, .sigmoid, isTuned: columns > 1),
    ])
    initialParameters = benched.network.parameters.initialParameters(seed: 0, as: Float.self)
  }

  /// A training state at the initial parameters, with zero columns.
  func startingState() -> TrainingState<Float> {
    let state = TrainingState<Float>(
      parameterCount: problem.parameterCount, optimizer: optimizer,
      tangentCount: hyperparameters.count)
    _ = state.parameters.primal.update(fromContentsOf: initialParameters)
    return state
  }

  /// A step to repeat, with the minibatch's images, its gradient jet, and the inner optimizer.
  func step() -> () throws -> Void {
    var state = startingState()
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: optimizer, hyperparameters: hyperparameters),
      columns: 0..<hyperparameters.count)
    return {
      // As in a run with windows of this length; columns that are never reset may overflow.
      if state.step % 50 == 0 { state.scaleTangents(by: 0) }
      let stretch = try forward.advance(
        &state, steps: 1, observed: 0, hyperparameters: hyperparameters)
      if let divergence = stretch.divergence {
        throw BenchError(
          "training diverged at step \(divergence.step); nothing was measured.")
      }
    }
  }

  /// The gradient of the validation loss, to repeat.
  func validation() -> () throws -> Void {
    let state = startingState()
    let gradient = Jet<Float>(count: problem.parameterCount, tangentCount: 0)
    return {
      _ = problem.validationGradient(parameters: state.primal, gradient: gradient.primal)
    }
  }
}

/// Why nothing was measured.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Common settings of all cases: one thread per rank.
func useOneThread() {
  BLASLibrary.threads = 1
  ConvolutionLibrary.setThreads(1)
}
