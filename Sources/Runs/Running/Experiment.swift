import Hypergradients
import Learning
import MessagePassing
import Settings
import Tensors

/// One run, from data and a configuration to a tuned network and its record.
struct Experiment<Number: Scalar & MessageElement> {
  let configuration: Configuration
  let options: RunOptions
  let world: any Communicator

  init(_ configuration: Configuration, _ options: RunOptions, world: any Communicator) {
    self.configuration = configuration
    self.options = options
    self.world = world
  }

  /// Runs to the end; the root records.
  ///
  /// - Throws: a `FileError` on the root if a file cannot be written.
  func run() throws {
    let (beginning, run) = beginning()
    if beginning == .finished { return }
    let data = world.allOrNone {
      try ExperimentData.load(configuration, folder: options.data)
    }
    let checksum = world.onRoot { try DataChecksum.of(data) } ?? ""
    let point = beginning == .resumed ? resumePoint(of: run, data, checksum) : nil
    let stored = StoredStart<Number>(from: point?.file, configuration, on: world)
    let prepared = world.allOrNone {
      try Preparation<Number>(configuration, data: data, stored: stored)
    }
    let (network, start) = (prepared.network, prepared.start)
    let resumed = broadcast(point?.file?.record)
    var work = prepared.work
    // Another number of ranks could make another mode cheaper, which would give different bits.
    if let resumed, work.modes.contains(resumed.mode) { work.modes = [resumed.mode] }
    let (grid, mode) = try GridChoice.grid(
      configuration.parallel.grid, world: world, work: work)
    let warning = HostAgreement.require(
      of: world, data: data, network: network, isKnown: configuration.data.set.known != nil,
      columnGroups: grid.columnGroups)
    let plan = prepared.trajectory
    world.allOrNone {
      if let problem = configuration.trajectoryProblem(mode, plan) { throw problem }
    }
    let problem = prepared.problem(on: grid)

    let recorder = RunRecorder<Number>.onRoot(
      of: world, configuration, options, grid: grid, data: data, start: start.hyperparameters,
      checksum: checksum, model: DataChecksum.of(network), resuming: point)
    if let warning { recorder?.say(warning) }
    for note in network.notes { recorder?.say("\(network.name): \(note)") }
    if let recorder, let slow = KernelSurvey(network, configuration).warning {
      recorder.say("\(slow.sentence) \(slow.remedy)")
    }
    if configuration.method != .none {
      recorder?.say(
        ModeLine(
          work: work, mode: mode, columnGroups: grid.columnGroups, plan: plan,
          hyperparameters: start.hyperparameters.count
        ).line)
    }
    let stop = StopAgreement(world)
    let tuner = prepared.tuner(problem, configuration.method, mode) { point in
      recorder?.pass(point)
      return stop.shouldStop(at: point)
    }
    tuner.willAttempt = { recorder?.beginAttempt() }
    let checkpoints = RunCheckpoints(
      CheckpointWriter(
        grid: grid, configuration: configuration, mode: mode, images: checksum,
        model: DataChecksum.of(network), isForced: point?.isForced ?? false,
        start: StoredStart(of: start, configuration)),
      options, tuner, recorder)
    if let resumed {
      try checkpoints.restore(
        CheckpointRestoration(grid: grid, record: resumed, file: point?.file))
      if world.broadcast(Int64(point?.changesRun == true ? 1 : 0)) == 1 {
        try checkpoints.write()
      }
    }
    if beginning == .resumed { try recorder?.keepBest(of: tuner, network) }
    let outcome: RunOutcome
    var spent = PhaseSeconds()
    do {
      while let window = try nextWindow(of: tuner, recorder) {
        spent += window.seconds
        let test = evaluation(at: window, of: tuner, problem)
        try recorder?.record(window, test: test)
        if tuner.state.best?.window == window.window {
          try recorder?.keepBest(of: tuner, network)
        }
        try checkpoints.writeIfDue()
      }
      let seconds = recorder?.elapsed ?? 0
      outcome = try RunOutcome(
        of: tuner, problem, tuningSeconds: seconds, rankSeconds: RankSeconds(spent, of: world),
        baseline: try baseline(prepared, problem, recorder, stop))
    } catch is TuningInterruption {
      try checkpoints.writeAndLeave()
    }
    try recorder?.finish(outcome, network, tuner.state.training.primal)
    // No rank exits before the results are on disk.
    world.barrier()
  }

  /// Trains a window; ends the job on a divergence from which the run cannot recover.
  private func nextWindow(
    of tuner: Tuner<ShardedProblem<Number>>, _ recorder: RunRecorder<Number>?
  ) throws -> WindowRecord? {
    do {
      return try tuner.nextWindow()
    } catch let error as DivergenceError {
      recorder?.note(error)
      // All ranks have agreed on it, so one message is enough.
      world.endJob(code: ExitCode.failure, message: "\(error)")
    }
  }

  private func evaluation(
    at window: WindowRecord, of tuner: Tuner<ShardedProblem<Number>>,
    _ problem: ShardedProblem<Number>
  ) -> Evaluation? {
    guard configuration.evaluation.isDue(after: window.window) else { return nil }
    return problem.evaluate(.test, parameters: tuner.state.training.primal)
  }

  /// The same training with constant hyperparameters, as the baseline for tuning.
  private func baseline(
    _ prepared: Preparation<Number>, _ problem: ShardedProblem<Number>,
    _ recorder: RunRecorder<Number>?, _ stop: StopAgreement
  ) throws -> BaselineOutcome? {
    guard configuration.evaluation.baseline, configuration.method != .none else { return nil }
    recorder?.beginBaseline()
    let tuner = prepared.tuner(problem, .none, .forward) { point in
      recorder?.pass(point)
      return stop.shouldStop(at: point)
    }
    tuner.willAttempt = { recorder?.beginAttempt() }
    do {
      while try tuner.nextWindow() != nil {}
    } catch let error as DivergenceError {
      return .diverged("\(error)")
    }
    if tuner.state.retreats > 0 { return .diverged("It diverged.") }
    return .trained(problem.evaluate(.test, parameters: tuner.state.training.primal))
  }
}
