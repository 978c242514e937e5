import Hypergradients
import Learning
import MessagePassing
import Presentation
import Runs
import Settings
import Storage

/// A job that trains many trials, from its data to their results; what `search` and `compare` share.
struct TrialJob {
  /// What all trials have in common.
  let base: Configuration
  let options: RunOptions
  /// How many groups of ranks there are to be; nil: as suits each round.
  let groups: Int?
  let world: any Communicator

  /// What a job has come to; the root has it.
  struct Results {
    let store: TrialStore
    let costs: [TrialCost]
    /// Seconds of this start, and the share of rank-seconds in which no trial was trained.
    let seconds: Double
    let idleShare: Double
    let ranks: Int
    /// The network of a trial.
    let network: (Configuration) throws -> any DescribedModel
    let say: (String) -> Void
  }

  /// Trains all trials of a plan; a collective.
  ///
  /// A signal ends all ranks with 75 after what was done is on the disk; then it does not return.
  ///
  /// - Parameters:
  ///   - title: what the first line says of the plan.
  ///   - plan: puts the plan together, on every rank alike.
  ///   - conclude: called on the root with the results, to be written before anybody leaves.
  /// - Throws: what happens to one rank alone, such as a full disk.
  func run(
    title: (TrialPlan) -> String, plan makePlan: (TrialData) throws -> TrialPlan,
    conclude: (Results) throws -> Void
  ) throws {
    StopSignal.watch()
    ExperimentRunner.setUp(base, world: world)
    let data = TrialData(folder: options.data)
    let plan = world.allOrNone { try makePlan(data) }
    let costs = world.allOrNone { try prices(of: plan, data) }
    world.allOrNone { try checkGroups(costs) }
    guard let first = plan.trials.first else { return }
    let split = world.allOrNone { try data.data(of: first.configuration) }
    // Trials move between hosts, and their columns may be spread over them.
    let network = world.allOrNone { try data.network(of: first.configuration) }
    _ = HostAgreement.require(
      of: world, data: split, network: network, isKnown: base.data.set.known != nil,
      columnGroups: world.size)
    let live = LiveLine(quiet: options.quiet)
    let store = world.onRoot {
      try makeStore(
        plan, data, checksum: DataChecksum.of(split), model: DataChecksum.of(network))
    }
    let isFinished = world.broadcast(Int64(store?.folder.isFinished == true ? 1 : 0)) == 1
    if isFinished {
      if let store, !options.quiet {
        StandardOutput.show("\(store.folder.path) has finished; nothing is left to do.\n")
      }
      return
    }
    let say: (String, Bool) -> Void = { line, onScreen in
      try? store?.log.write(line)
      if onScreen, !options.quiet { live.say(line) }
    }
    if store != nil {
      say("\(title(plan)); \(world.size) rank(s)", true)
      for note in network.notes { say("\(network.name): \(note)", true) }
    }
    let channel = world.split(color: 0, key: world.rank)
    let watch = TrialWatch(live, plan, costs)
    let dispatcher = store.map {
      TrialDispatcher(
        $0, costs: costs, channel: channel, wantedGroups: groups, watch: watch, say: say)
    }
    let engine = TrialEngine(
      on: world, channel: channel, plan.trials, data: data, library: options.messagePassing,
      dispatcher: dispatcher)
    let clock = ContinuousClock()
    let start = clock.now
    let ending = try engine.run()
    live.clear()
    if ending == .stopped { leave(store) }
    if let store, let dispatcher {
      let seconds = (clock.now - start).inSeconds
      let all = max(1e-9, seconds * Double(world.size))
      try conclude(
        Results(
          store: store, costs: costs, seconds: seconds,
          idleShare: max(0, 1 - dispatcher.busySeconds / all), ranks: world.size,
          network: { try data.network(of: $0) },
          say: { say($0, true) }))
    }
    // Nobody leaves before the results are on disk.
    world.barrier()
    try StandardOutput.requireShown(
      kept: "All trials have finished, and all results are on the disk.")
  }

  /// Looks at each kind of trial once, for everything that could be wrong with it.
  private func prices(of plan: TrialPlan, _ data: TrialData) throws -> [TrialCost] {
    var seen: [Configuration] = []
    return try plan.trials.map { trial in
      var kind = trial.configuration
      kind.seed = base.seed
      kind.hyperparameters = base.hyperparameters
      if !seen.contains(kind) {
        seen.append(kind)
        _ = try Preparation<Float>(
          kind, data: data.data(of: kind), network: data.network(of: kind))
      }
      let network = try data.network(of: trial.configuration)
      if plan.criterion == .accuracy, network.examples.classes == 0 {
        throw ConfigurationError(
          place: "--by \(plan.criterion.rawValue)",
          sentence: "needs classes, and the targets of these data are numbers. Judge by "
            + "\(TrialScore.Criterion.loss.rawValue).")
      }
      return try TrialCost(trial.configuration, network: network)
    }
  }

  private func checkGroups(_ costs: [TrialCost]) throws(RunError) {
    guard let groups else { return }
    try LaunchCheck.groups(groups, ranks: world.size)
    let size = world.size / groups
    if !TrialGroup.suits(costs.map(\.work), ranks: size) {
      throw RunError(
        "a group of \(size) ranks has more ranks than a trial has work for (columns times shards "
          + "of a minibatch): choose more groups, or leave --groups out.")
    }
  }

  private func makeStore(
    _ plan: TrialPlan, _ data: TrialData, checksum: String, model: String?
  ) throws -> TrialStore {
    let job = TrialStore.Job(plan: plan, images: checksum, model: model) { trial in
      let configuration = plan.trials[trial].configuration
      return CheckpointFit(
        configuration, try data.network(of: configuration),
        classSizes: try data.data(of: configuration).training.classHistogram)
    }
    let isNew = options.start == .new
    if !isNew, let path = options.output {
      let log = RunFolder(known: path).path(of: .log)
      if PathKind(of: log) != .nothing {
        // Only when the process that has it is over can be said what it has begun.
        let taken = try RunLog(continuing: log)
        if TrialFolder.holdsPlan(path) { return try TrialStore(resuming: path, taken, job) }
      }
    }
    return try TrialStore(
      new: options.output.map { .named($0) } ?? .dated(preset: options.preset),
      waiting: isNew ? nil : RunFolder.patience, base, job)
  }

  private func leave(_ store: TrialStore?) -> Never {
    let message = store.map {
      "Stopped by a signal; what was done is in \($0.folder.path). Go on with the same command, "
        + "--output \($0.folder.path) and --resume."
    }
    if let message { try? store?.log.write(message) }
    world.endJob(code: ExitCode.interrupted, message: message)
  }
}
