import Tensors

/// Trains and tunes, window by window.
///
///     let tuner = Tuner(problem: …, initialParameters: …, …)
///     while let record = try tuner.nextWindow() { print(record.window, record.validation.loss) }
///
/// Every rank runs its own tuner and calls `nextWindow` collectively. A window trains with this
/// rank's columns alongside; the columns of h are gathered on the root, which estimates the
/// hypergradient, updates φ and broadcasts it.
public final class Tuner<Problem: InnerProblem> {
  /// The precision of training.
  public typealias Number = Problem.Number

  /// How the run is divided into windows and what happens in each.
  public let settings: TuningSettings
  /// All state that must survive between windows; resuming overwrites it before the first window.
  public var state: TuningState<Number>

  /// Called before every attempt at a window; a window with retreats has several.
  public var willAttempt: () -> Void = {}

  let training: InnerTraining<Problem>
  let outer: OuterOptimizer
  let estimation: any LimitEstimation
  let source: any HypergradientSource<Number>
  let initialParameters: Buffer<Number>
  let windowStart: TrainingSnapshot<Number>
  /// Holds the real trajectory's state during a playout.
  lazy var windowEnd = TrainingSnapshot(like: state.training)
  /// The best window's θ, once there is one.
  let bestParameters: Buffer<Number>
  /// The validation loss above which a window counts as diverged; nil before the first window and
  /// if `rise` is nil.
  private(set) var highestLoss: Double?
  let clock = ContinuousClock()

  /// Creates a run before its first window.
  ///
  /// - Parameters:
  ///   - problem: the problem to train.
  ///   - initialParameters: θ₀, `[p]`.
  ///   - inner: the optimizer that trains it.
  ///   - hyperparameters: the starting point of φ; everything the inner optimizer reads, tuned or fixed.
  ///   - outer: the optimizer of φ.
  ///   - settings: must have no `complaint` for this φ.
  ///   - estimation: estimates the limit for `glocal`; other methods do not use it.
  ///   - coordinator: the communication between ranks.
  ///   - shouldStop: asked whether to leave the current window; nil if nobody will ask for it.
  public convenience init(
    problem: Problem, initialParameters: [Number], inner: any InnerOptimizer,
    hyperparameters: Hyperparameters, outer: OuterOptimizer, settings: TuningSettings,
    estimation: any LimitEstimation, coordinator: any Coordinator = SingleRank(),
    shouldStop: StopQuestion? = nil
  ) {
    let training = InnerTraining(
      problem, optimizer: inner, hyperparameters: hyperparameters,
      schedule: settings.rateSchedule, coordinator: coordinator,
      shouldStop: shouldStop)
    let tunes = settings.method.rule.movesHyperparameters
    let source: any HypergradientSource<Number>
    var columns = 0..<0
    switch tunes ? settings.method.rule.mode ?? settings.mode : .forward {
    case .forward:
      if tunes { columns = training.ownColumns }
      source = ForwardColumns(training, columns: columns)
    case .reverse:
      source = ReverseAdjoints(
        training, observed: settings.method.rule.observed(settings),
        memoryLimit: settings.trajectoryMemory)
    case .implicit:
      source = ImplicitHypergradients(training, settings.implicit)
    }
    self.init(
      training, initialParameters: initialParameters, outer: outer, settings: settings,
      estimation: estimation, source: source, tangentCount: columns.count,
      canBeLeft: shouldStop != nil)
  }

  /// Creates a run with a given source; for the other parameters see the public initializer.
  ///
  /// - Parameters:
  ///   - source: trains and differentiates.
  ///   - tangentCount: the number of columns that it carries along.
  ///   - canBeLeft: whether a window may be left before its end.
  init(
    _ training: InnerTraining<Problem>, initialParameters: [Number], outer: OuterOptimizer,
    settings: TuningSettings, estimation: any LimitEstimation,
    source: any HypergradientSource<Number>, tangentCount: Int, canBeLeft: Bool
  ) {
    let (problem, hyperparameters) = (training.problem, training.hyperparameters)
    let complaint = settings.complaint(count: hyperparameters.count)
    precondition(complaint == nil, complaint?.sentence ?? "")
    precondition(
      initialParameters.count == problem.parameterCount,
      "\(initialParameters.count) initial parameters for a model with \(problem.parameterCount)")
    self.training = training
    self.outer = outer
    self.settings = settings
    self.estimation = estimation
    self.source = source
    let origin = Buffer<Number>(count: problem.parameterCount)
    for (i, number) in initialParameters.enumerated() { origin.pointer[i] = number }
    self.initialParameters = origin
    var start = training.state(tangentCount: tangentCount)
    start.restart(from: origin)
    windowStart = TrainingSnapshot(
      like: start, keepsColumns: canBeLeft && settings.carriesColumns)
    bestParameters = Buffer(count: problem.parameterCount)
    state = TuningState(training: start, hyperparameters: hyperparameters)
  }

  var coordinator: any Coordinator { training.coordinator }

  /// The number of forward-mode columns over all ranks.
  public var columnCount: Int { training.columnCount }

  /// Whether the run has finished, by reaching its end or by early stopping.
  public var isFinished: Bool { isAtItsEnd || hasLostPatience }

  /// Whether all windows are trained.
  public var isAtItsEnd: Bool {
    settings.method.rule.startsAnew
      ? state.window >= settings.outerSteps : state.training.step >= settings.steps
  }

  /// Trains for one window and updates φ.
  ///
  /// - Returns: the window's record, or nil if the run has finished.
  /// - Throws: `DivergenceError` if the run has to be given up, and `TuningInterruption` if it was
  ///   asked to stop, both with the state back at the window's start; errors of the problem.
  public func nextWindow() throws -> WindowRecord? {
    guard !isFinished else { return nil }
    var seconds = PhaseSeconds()
    if let rise = settings.divergence.rise, highestLoss == nil {
      let start = clock.now
      let untrained = try training.problem.evaluate(
        .validation, parameters: UnsafeBufferPointer(initialParameters.elements))
      highestLoss = rise * untrained.loss
      seconds.validation += (clock.now - start).inSeconds
    }
    while true {
      windowStart.capture(state.training)
      willAttempt()
      var attempt = try attemptOrGoBack()
      attempt.record.seconds += seconds
      if let divergence = try conclude(&attempt) {
        seconds = attempt.record.seconds
        state.pendingRetreats.append(try retreat(from: divergence))
        continue
      }
      state.window += 1
      keepIfBest(attempt.record.validation)
      attempt.record.after = state.hyperparameters
      attempt.record.retreats = state.pendingRetreats
      state.pendingRetreats = []
      return attempt.record
    }
  }

  /// Attempts a window; if it is left, restores its start, undoing its retreats as well.
  private func attemptOrGoBack() throws -> WindowAttempt {
    do {
      return try attemptWindow()
    } catch let interruption as TuningInterruption {
      windowStart.restore(&state.training)
      windowStart.restoreColumns(state.training)
      throw interruption
    }
  }

  /// Returns to the window's start with a smaller learning rate.
  ///
  /// The columns start from zero, since the old ones belong to another φ and may be what grew. The
  /// failed window has not touched the outer moments; the learning rate's first moment is cleared,
  /// since it points to where training diverged. Adam's mean square is kept: a small first moment
  /// over the old scale makes the next step cautious. So is Rprop's step size: the next sign has
  /// none to agree with.
  private func retreat(from divergence: Divergence) throws(DivergenceError) -> Retreat {
    let failed = state.hyperparameters
    windowStart.restore(&state.training)
    source.restart(
      state.training, carry: 0, steps: settings.longestStretch(from: state.training.step))
    var smaller = failed
    let reason: DivergenceError.Reason? =
      if settings.divergence.policy == .stop {
        .policy
      } else if state.retreats >= settings.divergence.retreats {
        .retreatsUsedUp
      } else if !smaller.scaleLearningRate(by: settings.divergence.shrink) {
        .learningRateAtItsEnd
      } else {
        nil
      }
    if let reason {
      throw DivergenceError(
        window: state.window + 1, divergence: divergence, hyperparameters: failed,
        retreats: state.retreats, reason: reason)
    }
    // A logarithm may differ in its last bit between different machines; φ must not.
    var numbers = smaller.numbers
    coordinator.broadcast(&numbers)
    smaller.numbers = numbers
    state.hyperparameters = smaller
    state.retreats += 1
    for column in smaller.columns(of: .learningRate) { state.outer.first[column] = 0 }
    return Retreat(
      divergence: divergence, learningRateBefore: failed[.learningRate]?.value ?? .nan,
      learningRateAfter: smaller[.learningRate]?.value ?? .nan)
  }
}
