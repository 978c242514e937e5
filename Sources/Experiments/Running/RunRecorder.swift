import Hypergradients
import MessagePassing
import Networks
import Tensors

/// The root's record of a run: its folder, its log, and the line that shows how it goes.
final class RunRecorder<Number: Scalar & MessageElement> {
  private let configuration: Configuration
  private let options: RunOptions
  private let place: RunPlace
  private let folder: RunFolder
  private let windows: JSONLinesFile
  private let trajectory: JSONLinesFile
  private let weights: JSONLinesFile?
  private let startingHyperparameters: Hypergradients.Hyperparameters
  private let log: RunLog
  private let live: LiveLine
  /// Training images of each class.
  private let classCounts: [Int]
  private let start = ContinuousClock.now
  private var schedule: [Hypergradients.Hyperparameters] = []
  private var seconds = PhaseSeconds()
  private var fallbacks = 0

  /// A recorder on the root, nil elsewhere; a collective, after everything else was checked.
  static func onRoot(
    of world: any Communicator, _ configuration: Configuration, _ options: RunOptions,
    grid: ProcessGrid, images: SplitImages, start: Hypergradients.Hyperparameters
  ) -> RunRecorder? {
    world.onRoot {
      try RunRecorder(
        configuration, options,
        RunPlace(ranks: world.size, grid: grid, messagePassing: options.messagePassing),
        images: images, start: start)
    }
  }

  private init(
    _ configuration: Configuration, _ options: RunOptions, _ place: RunPlace,
    images: SplitImages, start: Hypergradients.Hyperparameters
  ) throws {
    startingHyperparameters = start
    self.configuration = configuration
    self.options = options
    self.place = place
    classCounts = images.training.classHistogram
    folder = try RunFolder(
      at: options.output.map { .named($0) } ?? .dated(preset: options.preset))
    try folder.writeConfiguration(configuration.yaml(comments: false))
    windows = try folder.startWindows()
    trajectory = try folder.startTrajectory()
    weights = configuration.task == .optimizer ? nil : try folder.startWeights()
    log = try folder.startLog()
    live = LiveLine(quiet: options.quiet)
    let line =
      "\(options.preset): \(configuration.method.rawValue), \(images.training.count) training, "
      + "\(images.validation.count) validation and \(images.test.count) test images; "
      + "\(configuration.inner.steps) steps; \(place.ranks) rank(s), grid \(place.grid)"
    try log.write(line)
    try log.write("training images of each class: \(classCounts)")
    if !options.quiet { live.say(line) }
  }

  /// Tells the user and the log something.
  func say(_ line: String) {
    try? log.write(line)
    if !options.quiet { live.say(line) }
  }

  /// Notes in the log why the run ends early.
  func note(_ error: any Error) {
    try? log.write("\(error)")
    live.clear()
  }

  /// Records a window in all files.
  func record(_ window: WindowRecord, test: Evaluation?) throws {
    for retreat in window.retreats {
      let line =
        "window \(window.window) went back to its start: the "
        + "\(retreat.divergence.quantity.rawValue) was not finite at step "
        + "\(retreat.divergence.step); learning rate \(retreat.learningRateBefore) -> "
        + "\(retreat.learningRateAfter)"
      try log.write(line)
      live.say(line)
    }
    if schedule.isEmpty { schedule.append(window.before) }
    schedule.append(window.after)
    seconds.training += window.seconds.training
    seconds.validation += window.seconds.validation
    seconds.estimation += window.seconds.estimation
    seconds.update += window.seconds.update
    if window.estimate?.fallback != nil { fallbacks += 1 }
    let q = window.before.count
    for (row, observation) in window.observations.enumerated() {
      trajectory.append(
        window: window.window, step: observation.step,
        h: window.hypergradients[row * q..<(row + 1) * q])
    }
    windows.append(
      WindowReport(window: window, requested: configuration.estimator, test: test).json)
    let report = WeightReport(
      task: configuration.task, hidden: configuration.reweighting.hidden, window: window)
    if let weights, let line = report.json {
      weights.append(line)
      try weights.flush()
    }
    try trajectory.flush()
    try windows.flush()
    let progress = progress(after: window)
    try log.write(progress.line)
    live.show(progress)
  }

  private func progress(after window: WindowRecord) -> Progress {
    Progress(
      window: window.window, of: configuration.windowCount, loss: window.trainingLoss,
      validationAccuracy: window.validation.accuracy,
      hyperparameters: window.after.tuned.map { ($0.columnName, $0.value) },
      spectralRadius: window.estimate?.modes?.spectralRadius,
      windowsPerSecond: Double(window.window) / max(1e-9, (ContinuousClock.now - start).inSeconds))
  }

  /// Writes the model and the summary, and tells what was gained.
  func finish(
    _ outcome: RunOutcome, _ network: some Network, _ parameters: UnsafeBufferPointer<Number>
  ) throws {
    try folder.writeModel(
      NetworkFile.tensors(of: network.parameters, parameters),
      metadata: [(key: "network", text: network.name)])
    if configuration.task == .reweighting {
      try folder.writeWeightNetwork(
        WeightNetworkFile.tensors(
          of: WeightNetwork(hidden: configuration.reweighting.hidden), outcome.hyperparameters.loss)
      )
    }
    let summary = RunSummary(
      configuration: configuration, place: place, classCounts: classCounts, outcome: outcome,
      start: startingHyperparameters, schedule: schedule,
      seconds: seconds, fallbacks: fallbacks)
    try folder.writeSummary(summary.json)
    try windows.close()
    try trajectory.close()
    try weights?.close()
    for line in summary.closingLines + ["results: \(folder.path)"] {
      try log.write(line)
      if !options.quiet { live.say(line) }
    }
  }
}
