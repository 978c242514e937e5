import Hypergradients
import MessagePassing
import Presentation
import Runs
import Settings
import Tensors

/// Verifies estimates in separate runs.
package enum VerificationRunner {
  /// Trains every seed's run, compares the estimates with the truth, and prints and writes the
  /// results; a collective of all ranks.
  ///
  /// Errors at the start end all ranks with one message and exit code 64; runs none of which
  /// reaches its first window, with 70; a ``StopSignal`` with 75, after the windows verified so far
  /// have been written. This function then does not return.
  ///
  /// - Throws: errors of a single rank during the runs, such as a full disk.
  package static func run(
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
    let count = prepared.columnCount
    let settings = world.allOrNone { try request.settings(configuration, count: count) }
    let grid = try grid(configuration, prepared, world)
    let warning = HostAgreement.require(
      of: world, data: prepared.data, network: prepared.network,
      isKnown: configuration.data.set.known != nil, columnGroups: grid.columnGroups)
    // The reset family, and that of the run's own carry unless it was requested.
    let families = Set(settings.decays + [0, configuration.window.carry]).count
    let work = VerificationWork(
      settings, configuration.tuningSettings(configuration.method, .forward), count: count,
      families: families, runs: configurations.count)
    let recorder = world.onRoot {
      try VerificationRecorder(
        configuration, options, grid: grid, work: work, seeds: configurations.count)
    }
    if let warning { recorder?.say(warning) }
    for note in prepared.network.notes { recorder?.say("\(prepared.network.name): \(note)") }

    let stop = StopAgreement(world)
    var isStopped = false
    var runs: [VerifiedRun] = []
    var decays: [Carry] = []
    for (place, one) in configurations.enumerated() where !isStopped {
      if one.seed != configuration.seed {
        prepared = Preparation<Number>(one, data: options.data, world: world)
      }
      // The windows to verify are trained regardless of early stopping.
      var tuning = one.tuningSettings(one.method, .forward)
      tuning.patience = nil
      let verifier = Verifier(
        problem: prepared.problem(on: grid), initialParameters: prepared.start.parameters,
        inner: one.inner.algorithm, hyperparameters: prepared.start.hyperparameters,
        outer: one.outerOptimizer, settings: tuning,
        verification: settings, modes: one.dmd, coordinator: GridCoordinator(grid),
        shouldStop: { point in
          recorder?.pass(point)
          return stop.shouldStop(at: point)
        })
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
      } catch is TuningInterruption {
        isStopped = true
      }
      runs.append(run)
    }
    let isEmpty = runs.allSatisfy(\.windows.isEmpty)
    if isEmpty, !isStopped {
      world.endJob(code: ExitCode.failure, message: runs.compactMap(\.failure).first)
    }
    if !isEmpty {
      try recorder?.finish(
        Verification(
          preset: options.preset, configuration: configuration, settings: settings,
          names: prepared.columnNames, decays: decays, runs: runs))
    }
    if isStopped {
      world.endJob(code: ExitCode.interrupted, message: recorder?.farewell(isEmpty: isEmpty))
    }
    // No rank exits before the results are on disk.
    world.barrier()
    try StandardOutput.requireShown(kept: "The results are on the disk.")
  }

  /// A grid for columns, even if the run itself uses none.
  private static func grid<Number>(
    _ configuration: Configuration, _ prepared: Preparation<Number>, _ world: any Communicator
  ) throws -> ProcessGrid {
    var columns = configuration
    (columns.method, columns.mode) = (.glocal, .forward)
    let work = columns.windowWork(
      count: prepared.columnCount,
      parameterCount: prepared.network.parameters.count)
    return try GridChoice.grid(configuration.parallel.grid, world: world, work: work).grid
  }
}
