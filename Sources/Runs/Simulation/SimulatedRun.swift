import Hypergradients
import MessagePassing
import Presentation
import Settings
import Storage
import Tensors

/// The windows of a run on a simulated machine, from the choice of the grid to the last checkpoint.
///
/// The tuner, the grid, the sums, the agreements and the checkpoints are those of a real run. Only
/// the problem is replaced, which takes the measured time instead of computing, and the files, none
/// of which are read or written. There are no signals and no watchdog: all ranks are in one
/// process.
package enum SimulatedRun {
  /// Runs all windows and prints one line of JSON on the root; a collective of all ranks.
  ///
  /// - Parameters:
  ///   - configuration: as for a real run; `inner.steps` determines the number of windows.
  ///   - rates: the rates of one core of the machine.
  /// - Throws: errors of a single rank.
  package static func run(
    configuration: Configuration, rates: ComputeRates, world: any Communicator
  ) throws {
    BLASLibrary.threads = configuration.parallel.threads
    switch configuration.precision {
    case .float: try run(configuration, rates, world, as: Float.self)
    case .double: try run(configuration, rates, world, as: Double.self)
    }
  }

  private static func run<Number: Scalar & MessageElement>(
    _ configuration: Configuration, _ rates: ComputeRates, _ world: any Communicator,
    as: Number.Type
  ) throws {
    let network = configuration.network.network(classCount: configuration.expectedClassCount)
    world.allOrNone {
      if configuration.task != .optimizer, configuration.reweighting.reduction == .normalised {
        throw RunError("reweighting.reduction: normalised is not modelled; set it to mean.")
      }
      try rates.require(
        parameterCount: network.parameters.count, shard: configuration.parallel.shard)
    }
    let start = configuration.unstartedHyperparameters(of: network)
    let columns = configuration.expectedColumnCount(of: network)
    let work = configuration.windowWork(
      count: columns, parameterCount: network.parameters.count)
    let (grid, mode) = try GridChoice.grid(
      configuration.parallel.grid, world: world, work: work)
    let problem = ModelledProblem<Number>(
      layers: network.parameters.layers.count, hyperparameters: start,
      columns: columns, work: work,
      batch: configuration.inner.batch, rates: rates, grid: grid,
      summation: configuration.parallel.sums)
    let stop = StopAgreement(
      world, received: { false }, seconds: { SimulatedMachine.seconds })
    let estimation = ModelledEstimation(HankelEstimation(configuration.dmd))
    let tuner = Tuner(
      problem: problem,
      initialParameters: [Number](repeating: 0, count: problem.parameterCount),
      inner: configuration.inner.optimizer.optimizer, hyperparameters: start,
      outer: configuration.outerOptimizer,
      settings: configuration.tuningSettings(configuration.method, mode),
      estimation: estimation,
      coordinator: GridCoordinator(grid), shouldStop: stop.shouldStop)
    let writer = CheckpointWriter<Number>(
      grid: grid, configuration: configuration, mode: mode, images: "")

    world.barrier()
    let begin = SimulatedMachine.seconds
    while try tuner.nextWindow() != nil {
      if let every = configuration.checkpoint.every, tuner.state.window % every == 0 {
        try writer.write(tuner, to: nil, progress: RecordedProgress())
      }
    }
    world.barrier()
    guard world.isRoot else { return }
    let windows = Double(tuner.state.window)
    let total = (SimulatedMachine.seconds - begin) / windows
    let busy = (
      training: problem.busy.training / windows, validation: problem.busy.validation / windows,
      estimation: estimation.busy / windows
    )
    try StandardOutput.print(
      JSONText.line([
        "ranks": .integer(world.size), "grid": .string("\(grid.columnGroups)x\(grid.dataGroups)"),
        "mode": .string(mode.rawValue), "windows": .integer(tuner.state.window),
        "seconds_per_window": .number(total), "training_seconds": .number(busy.training),
        "validation_seconds": .number(busy.validation),
        "estimation_seconds": .number(busy.estimation),
        "communication_seconds": .number(
          total - busy.training - busy.validation - busy.estimation),
      ]))
  }
}
