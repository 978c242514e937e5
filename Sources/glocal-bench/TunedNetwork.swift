import ArgumentParser
import DynamicModes
import Hypergradients
import Learning
import MessagePassing
import Runs
import Settings
import Tensors

/// The common options of the cases with whole windows.
struct WindowOptions {
  let network: BenchedNetwork
  var compute = ComputePrecision.full
  let batch: Int
  let window: Int
  let observed: Int
  /// Images in the validation set.
  let images: Int
  /// The number of windows.
  let windows: Int

  /// Throws if options conflict.
  func validate() throws {
    try requirePositive(batch, "--batch")
    try requirePositive(window, "--window")
    try requirePositive(images, "--images")
    try requirePositive(windows, "--windows")
    let complaint =
      settings.complaint(count: network.columns)?.sentence
      ?? DynamicModeSettings().complaint(observed: observed)?.sentence
    if let complaint { throw ValidationError(complaint) }
  }

  fileprivate var settings: TuningSettings {
    TuningSettings(
      method: .glocal, steps: windows * window, window: window, observed: observed)
  }
}

/// A run of method `glocal` on a network, distributed over the ranks of the job.
struct TunedNetwork {
  let world: any Communicator
  let grid: ProcessGrid
  let problem: ShardedProblem<Float>
  private let tuner: Tuner<ShardedProblem<Float>>

  /// - Parameter shape: the process grid; a collective.
  init(
    _ options: WindowOptions, grid shape: Configuration.Parallel.Grid = .auto,
    world: any Communicator
  ) throws {
    let shard = 16
    let columns = options.network.columns
    self.world = world
    (grid, _) = try GridChoice.grid(
      shape, world: world,
      work: WindowWork(
        hyperparameters: columns, shards: (options.batch + shard - 1) / shard,
        steps: options.window, observed: options.observed))
    let work = try NetworkWork(
      options.network, batch: options.batch, shard: shard, validation: options.images,
      columns: columns, grid: grid, compute: options.compute)
    problem = work.problem
    tuner = Tuner(
      problem: work.problem, initialParameters: work.initialParameters, inner: work.optimizer,
      hyperparameters: work.hyperparameters, outer: .adam(learningRate: 0.01),
      settings: options.settings, estimation: HankelEstimation(DynamicModeSettings()),
      coordinator: GridCoordinator(grid))
  }

  /// Times one window, from when all ranks are ready until the last has finished.
  func timeWindow() throws -> (seconds: Double, phases: PhaseSeconds) {
    world.barrier()
    let start = ContinuousClock.now
    let record = try tuner.nextWindow()
    world.barrier()
    let seconds = (ContinuousClock.now - start).inSeconds
    precondition(record != nil, "a run of more windows than it has steps for")
    return (seconds, record?.seconds ?? PhaseSeconds())
  }
}
