import Datasets
import Differentiation
import Hypergradients
import MessagePassing
import Networks
import Tensors

/// LeNet on drawn glyphs with tuned learning rate, momentum and weight decay: the engine of
/// glocal-dist, without its run folder.
struct LeNetWork {
  let problem: ImageProblem<Float>
  let hyperparameters: Hyperparameters
  let optimizer = MomentumDescent()
  let initialParameters: [Float]

  /// - Parameters:
  ///   - batch: images of a minibatch.
  ///   - shard: images that go through the network together.
  ///   - validation: images of the validation set.
  ///   - columns: how many of the three hyperparameters are tuned.
  ///   - grid: how the work is spread.
  init(batch: Int, shard: Int, validation: Int, columns: Int, grid: ProcessGrid) throws {
    let network = LeNet()
    let trainingCount = max(batch, 6000)
    let images = Glyphs.images(.train, count: trainingCount + validation)
    problem = ImageProblem(
      network,
      images: SplitImages(
        training: images.selecting(0..<trainingCount),
        validation: images.selecting(trainingCount..<trainingCount + validation),
        test: images.selecting(0..<0)),
      schedule: try MinibatchSchedule(
        order: .shuffled, count: trainingCount, batch: batch, seed: 0),
      shard: shard, grid: grid, summation: .reproducible)
    hyperparameters = Hyperparameters([
      try Hyperparameter(.learningRate, value: 0.01, .sigmoid, isTuned: columns > 0),
      try Hyperparameter(.momentum, value: 0.9, .sigmoid, isTuned: columns > 1),
      try Hyperparameter(.weightDecay, value: 5e-4, .sigmoid, isTuned: columns > 2),
    ])
    initialParameters = network.parameters.initialParameters(seed: 0, as: Float.self)
  }

  /// A training state at the initial parameters, with all columns at zero.
  func startingState() -> TrainingState<Float> {
    let state = TrainingState<Float>(
      parameterCount: problem.parameterCount, optimizer: optimizer,
      tangentCount: hyperparameters.count)
    _ = state.parameters.primal.update(fromContentsOf: initialParameters)
    return state
  }

  /// Floating-point operations of LeNet's products, two a multiplication.
  ///
  /// A gradient takes three products a layer (output, input gradient, weight gradient), a column
  /// twice as many. The first layer needs no input gradient, and its input has no tangent.
  static func operations(images: Int, columns: Int) -> Int {
    let first = ConvolutionShape.lenet[0].geometry(batch: images).operations
    let second = ConvolutionShape.lenet[1].geometry(batch: images).operations
    let linear = 2 * images * (256 * 32 + 32 * 10)
    return (2 + 2 * columns) * first + (3 + 6 * columns) * (second + linear)
  }
}

/// Sets what every case has in common: one thread a rank.
func useOneThread() {
  BLASLibrary.threads = 1
  ConvolutionLibrary.setThreads(1)
}
