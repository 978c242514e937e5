import Datasets
import Hypergradients
import Learning
import MessagePassing
import Networks
import Presentation
import Settings
import Storage
import Tensors

/// The root's record of a run: its folder, its log, and the live line.
final class RunRecorder<Number: Scalar & MessageElement> {
  private let configuration: Configuration
  private let options: RunOptions
  private let place: RunPlace
  private let files: RunFiles
  private let startingHyperparameters: Hyperparameters
  private let live: LiveLine
  /// The number of training examples per class.
  private let classCounts: [Int]
  /// The weight function of training examples; nil if they are not weighted.
  private let weighting: (any ExampleWeighting)?
  private let training: any DataPart
  private let imagesChecksum: String
  private let modelChecksum: String?
  private let start: ContinuousClock.Instant
  private var recorded: RecordedProgress
  /// What the live line shows between two windows.
  private var lastShown: Progress
  private var inside = WindowSteps(all: 1)
  private var heartbeat = Heartbeat()
  /// The end of the last window, in seconds of tuning.
  private var windowStart = 0.0
  /// The current window of the training without tuning, and its start.
  private var baseline: (window: Int, start: Double)?

  /// Creates a recorder on the root, nil elsewhere; a collective, to be called after all other
  /// checks.
  ///
  /// - Parameters:
  ///   - checksum: of the data, on the root.
  ///   - model: the checksum of the user's own model; nil for the program's networks.
  ///   - point: on the root, where the run resumes; nil for a new run.
  static func onRoot(
    of world: any Communicator, _ configuration: Configuration, _ options: RunOptions,
    grid: ProcessGrid, data: SplitData, start: Hyperparameters,
    checksum: String, model: String?, resuming point: ResumePoint?
  ) -> RunRecorder? {
    world.onRoot {
      try RunRecorder(
        configuration, options,
        RunPlace(ranks: world.size, grid: grid, messagePassing: options.messagePassing),
        data: data, start: start, checksum: checksum, model: model, resuming: point)
    }
  }

  private init(
    _ configuration: Configuration, _ options: RunOptions, _ place: RunPlace,
    data: SplitData, start: Hyperparameters, checksum: String, model: String?,
    resuming point: ResumePoint?
  ) throws {
    var point = point
    startingHyperparameters = start
    self.configuration = configuration
    self.options = options
    self.place = place
    classCounts = data.training.classHistogram
    weighting = configuration.weightedLoss(classSizes: classCounts)?.weighting
    training = data.training
    imagesChecksum = checksum
    modelChecksum = model
    if var found = point {
      files = try RunFiles(resuming: &found, configuration)
      point = found
    } else {
      files = try RunFiles(
        new: options.output.map { .named($0) } ?? .dated(preset: options.preset),
        waiting: options.start == .new ? nil : RunFolder.patience, configuration)
    }
    recorded = point?.file?.record.progress ?? RecordedProgress()
    self.start = ContinuousClock.now - .seconds(recorded.elapsed)
    live = LiveLine(quiet: options.quiet)
    lastShown = Progress(window: recorded.windows, of: configuration.windowCount)
    windowStart = recorded.elapsed
    let line =
      "\(options.preset): \(configuration.method.rawValue), \(data.training.count) training, "
      + "\(data.validation.count) validation and \(data.test.count) test \(data.training.noun)s; "
      + "\(configuration.inner.steps) steps; \(place.ranks) rank(s), grid \(place.grid)"
    try files.log.write(line)
    if data.training.classes != nil {
      try files.log.write("training \(data.training.noun)s of each class: \(classCounts)")
    }
    if !options.quiet { live.say(line) }
    for note in point?.notes ?? [] { say(note) }
  }

  /// The seconds of tuning so far, including earlier starts.
  var elapsed: Double { (ContinuousClock.now - start).inSeconds }

  /// The progress recorded so far, after syncing it to disk.
  ///
  /// - Throws: `FileError`
  func synced() throws(FileError) -> RecordedProgress {
    try files.sync()
    var progress = recorded
    progress.elapsed = elapsed
    progress.files = files.marks
    return progress
  }

  /// The folder with the run's results.
  var folder: RunFolder { files.folder }

  /// Prints a line for the user and logs it.
  func say(_ line: String) {
    try? files.log.write(line)
    if !options.quiet { live.say(line) }
  }

  /// Logs why the run ends early.
  func note(_ error: any Error) {
    try? files.log.write("\(error)")
    live.clear()
  }

  /// Records a window in all files.
  func record(_ window: WindowRecord, test: Evaluation?) throws {
    for retreat in window.retreats {
      let line =
        "window \(window.window) went back to its start: \(retreat.divergence.clause); learning rate "
        + "\(retreat.learningRateBefore) -> \(retreat.learningRateAfter)"
      try files.log.write(line)
      live.say(line)
    }
    for name in window.projected where recorded.projections[name] == nil {
      say(Self.sentence(aboutLimitsOf: name, window))
    }
    recorded.add(window)
    let entry = try files.recordHypergradients(of: window)
    files.windows.append(
      WindowLine(
        window: window, requested: configuration.estimator, test: test,
        place: entry.map { .file($0) } ?? .line
      ).json)
    if let weights = files.weights, let weighting {
      weights.append(WeightLine(weighting: weighting, window: window).json)
      try weights.flush()
    }
    try files.trajectory.flush()
    try files.windows.flush()
    let progress = progress(after: window)
    try files.log.write(progress.line)
    live.show(progress.status)
    lastShown = progress
    windowStart = elapsed
    heartbeat.rest()
  }

  /// Starts an attempt at the next window.
  func beginAttempt() {
    if let under = baseline {
      inside = WindowSteps(all: configuration.window.length)
      baseline?.window = under.window + 1
    } else {
      inside = WindowSteps(all: configuration.steps(ofWindow: lastShown.window + 1))
    }
  }

  /// Registers a safe point, and refreshes the live line if it has been unchanged for seconds.
  func pass(_ point: SafePoint) {
    guard !live.isSilent else { return }
    inside.pass(point)
    guard heartbeat.isDue() else { return }
    var progress = lastShown
    progress.inside = (inside.text, inside.share)
    if let baseline {
      let done = Double(baseline.window - 1) + inside.share
      progress = Progress(window: baseline.window, of: baselineWindows)
      progress.title = "untuned: "
      progress.inside = (inside.text, inside.share)
      progress.secondsLeft = Self.left(
        done: done, of: Double(baselineWindows), in: elapsed - baseline.start)
    } else {
      progress.window += 1
      progress.secondsLeft = secondsLeft
    }
    live.show(progress.status)
  }

  /// Starts the training without tuning.
  func beginBaseline() {
    say("training once more with the initial hyperparameters, for comparison")
    live.clear()
    live.begin()
    baseline = (0, elapsed)
  }

  private var baselineWindows: Int {
    (configuration.inner.steps + configuration.window.length - 1) / configuration.window.length
  }

  /// Extrapolated from complete windows; before the first one, from its steps.
  private var secondsLeft: Double? {
    let (done, all) = (Double(lastShown.window), Double(lastShown.windows))
    guard let speed = lastShown.windowsPerSecond, speed > 0 else {
      return Self.left(done: done + inside.share, of: all, in: elapsed)
    }
    return max((all - done - 1) / speed, (all - done) / speed - (elapsed - windowStart))
  }

  private static func left(done: Double, of all: Double, in seconds: Double) -> Double? {
    done > 0 ? seconds * (all - done) / done : nil
  }

  /// Shown once, after the first window whose update was projected onto a limit.
  private static func sentence(aboutLimitsOf name: String, _ window: WindowRecord) -> String {
    let one = window.after.tuned.first { $0.columnName == name }
    let (value, limits) = (one?.value ?? .nan, one?.limits ?? 0...0)
    let limit = value - limits.lowerBound < limits.upperBound - value ? "least" : "greatest"
    return "window \(window.window): \(name) has come to the \(limit) value it may have, "
      + "\(NumberText.brief(value)), and is kept there while updates lead beyond it; the summary counts "
      + "how often"
  }

  /// Writes θ of the best window so far; removes the file if there is none yet.
  ///
  /// - Throws: `FileError`
  func keepBest(
    of tuner: Tuner<ShardedProblem<Number>>, _ network: any Model
  ) throws(FileError) {
    guard let best = tuner.state.best else { return folder.removeBestModel() }
    try folder.writeModel(
      NetworkFile.tensors(
        of: network.parameters, UnsafeBufferPointer(best.parameters.elements)),
      metadata: BestOutcome.metadata(network.name, BestRecord(best)) + inputMetadata, as: .bestModel
    )
  }

  /// What whoever loads the model has to do to inputs first.
  private var inputMetadata: [(key: String, text: String)] {
    InputRecord(training).metadata
  }

  private func progress(after window: WindowRecord) -> Progress {
    Progress(
      window: window.window, of: configuration.windowCount, loss: window.trainingLoss,
      validationAccuracy: window.validation.accuracy,
      hyperparameters: window.after.tuned.map { ($0.columnName, $0.value) },
      spectralRadius: window.estimate?.modes?.spectralRadius,
      windowsPerSecond: Double(window.window) / max(1e-9, elapsed))
  }

  /// Writes the model and the summary, and prints the improvement.
  func finish(
    _ outcome: RunOutcome, _ network: any DescribedModel, _ parameters: UnsafeBufferPointer<Number>
  ) throws {
    try folder.writeModel(
      NetworkFile.tensors(of: network.parameters, parameters),
      metadata: [(key: "network", text: network.name)] + inputMetadata)
    if let sentence = try folder.writeGraph(network, parameters) { say(sentence) }
    var weightLines: [String] = []
    if let weighting {
      let results = WeightResults(
        configuration: configuration, weighting: weighting, phi: outcome.hyperparameters.loss,
        training: training)
      try results.write(to: folder)
      weightLines = try results.writeLowest(to: folder, network, parameters)
    }
    let summary = RunSummary(
      configuration: configuration, place: place, classCounts: classCounts,
      imagesChecksum: imagesChecksum, modelChecksum: modelChecksum, inputs: InputRecord(training),
      outcome: outcome,
      kernels: KernelSurvey(network, configuration), start: startingHyperparameters,
      recorded: recorded)
    try files.close()
    try folder.writeSummary(summary.json)
    live.clear()
    for line in summary.closingLines + weightLines + ["results: \(folder.path)"] {
      try files.log.write(line)
      if !options.quiet { live.say(line) }
    }
  }
}
