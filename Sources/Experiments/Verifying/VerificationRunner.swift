import Hypergradients
import MessagePassing
import Tensors

/// Verifies estimates on runs of their own.
public enum VerificationRunner {
  /// Trains every seed's run, holds the estimates against the truth, prints and writes what came of it;
  /// a collective of all ranks.
  ///
  /// What is wrong from the start ends all ranks with one message and exit code 64; runs none of which
  /// comes to its first window, with 70. This function then does not return.
  ///
  /// - Throws: what happens to one rank alone while the runs are on, such as a full disk.
  public static func run(
    _ request: VerificationRequest, configuration: Configuration, options: RunOptions,
    world: any Communicator
  ) throws {
    let configurations = world.allOrNone { try request.configurations(configuration) }
    guard let first = configurations.first else { return }
    ExperimentRunner.setUp(first, world: world)
    switch first.precision {
    case .float: try runs(request, configurations, options, as: Float.self, world)
    case .double: try runs(request, configurations, options, as: Double.self, world)
    }
  }

  private static func runs<Number: Scalar & MessageElement>(
    _ request: VerificationRequest, _ configurations: [Configuration], _ options: RunOptions,
    as: Number.Type, _ world: any Communicator
  ) throws {
    let configuration = configurations[0]
    var prepared = Preparation<Number>(configuration, data: options.data, world: world)
    let count = prepared.start.hyperparameters.count
    let settings = world.allOrNone { try request.settings(configuration, count: count) }
    let grid = try grid(configuration, prepared, world)
    let warning = HostAgreement.require(
      of: world, images: prepared.images, columnGroups: grid.columnGroups)
    // The reset one, and that of the run's own carry where it is not among those asked for.
    let families = Set(settings.decays + [0, configuration.window.carry]).count
    let work = VerificationWork(
      settings, configuration.tuningSettings(configuration.method, .forward), count: count,
      families: families, runs: configurations.count)
    let recorder = world.onRoot {
      try VerificationRecorder(
        configuration, options, grid: grid, work: work, seeds: configurations.count)
    }
    if let warning { recorder?.say(warning) }

    var runs: [VerifiedRun] = []
    var decays: [Carry] = []
    for (place, one) in configurations.enumerated() {
      if one.seed != configuration.seed {
        prepared = Preparation<Number>(one, data: options.data, world: world)
      }
      // The windows to be verified are trained, whatever the patience.
      var tuning = one.tuningSettings(one.method, .forward)
      tuning.patience = nil
      let verifier = Verifier(
        problem: prepared.problem(on: grid), initialParameters: prepared.start.parameters,
        inner: one.inner.optimizer.optimizer, hyperparameters: prepared.start.hyperparameters,
        outer: one.outerOptimizer, settings: tuning,
        verification: settings, modes: one.dmd, coordinator: GridCoordinator(grid),
        didReach: { recorder?.pass($0) })
      recorder?.begin(seed: one.seed, place: place)
      verifier.willBegin = { recorder?.begin($0) }
      verifier.didTrain = { recorder?.show($0) }
      decays = verifier.decays
      var run = VerifiedRun(seed: one.seed)
      do {
        while let window = try verifier.nextVerified() {
          run.windows.append(window)
          recorder?.tell(window, seed: one.seed)
        }
      } catch let error as DivergenceError {
        // All ranks have agreed on it.
        run.failure = "\(error)"
      }
      runs.append(run)
    }
    if runs.allSatisfy(\.windows.isEmpty) {
      world.exitAll(code: ExitCode.failure, message: runs.compactMap(\.failure).first)
    }
    try recorder?.finish(
      Verification(
        preset: options.preset, configuration: configuration, settings: settings,
        names: prepared.start.hyperparameters.columnNames, decays: decays, runs: runs))
    // Nobody leaves before the results are on disk.
    world.barrier()
  }

  /// Columns in any case, also where the run itself has none.
  private static func grid<Number>(
    _ configuration: Configuration, _ prepared: Preparation<Number>, _ world: any Communicator
  ) throws -> ProcessGrid {
    var columns = configuration
    (columns.method, columns.mode) = (.glocal, .forward)
    let work = columns.windowWork(
      count: prepared.start.hyperparameters.count,
      parameterCount: prepared.network.parameters.count)
    return try GridChoice.grid(configuration.parallel.grid, world: world, work: work).grid
  }
}
