import DynamicModes
import Tensors

/// Compares every estimator's answer with the true global hypergradient, at chosen windows of a
/// run.
///
///     let verifier = Verifier(problem: …, …)
///     while let window = try verifier.nextVerified() { … }
///
/// The run is bitwise that of a `Tuner`, with further families of columns alongside. At a chosen
/// window all families are read after each of the last σ steps; then a copy of the training
/// continues with only the reset columns and φ frozen:
///
///     truth = mean over the last A steps t up to the horizon of Z_tᵀ ∇θ L̃(θ_t),   Z = 0 at the window's start
///
/// All ranks call `nextVerified` collectively.
public final class Verifier<Problem: InnerProblem> {
  /// The precision of training.
  public typealias Number = Problem.Number

  /// The run, at the end of the last trained window.
  public let tuner: Tuner<Problem>
  /// Called after every window of the run.
  public var didTrain: (WindowRecord) -> Void = { _ in }
  /// Called before every training; for the run itself, before every window.
  public var willBegin: (VerifierActivity) -> Void = { _ in }

  let settings: VerificationSettings
  let coordinator: any Coordinator
  private let modes: DynamicModeSettings
  private let families: TangentFamilies<Problem>
  private let frozen: ForwardColumns<Problem>
  private var frozenState: TrainingState<Number>
  let plain: ForwardColumns<Problem>
  /// The start of the current window, and a state for trainings without columns.
  var windowStart, plainState: TrainingState<Number>

  /// Creates a run before its first window.
  ///
  /// - Parameters:
  ///   - problem: the problem to train.
  ///   - initialParameters: θ₀, `[p]`.
  ///   - inner: the optimizer that trains it.
  ///   - hyperparameters: the starting point of φ.
  ///   - outer: the optimizer of φ.
  ///   - settings: the run's settings.
  ///   - verification: must have no `complaint` for the run.
  ///   - modes: mode settings for the estimators, in the run as well.
  ///   - coordinator: the communication between ranks.
  ///   - shouldStop: asked at every safe point whether to leave with a `TuningInterruption`.
  public init(
    problem: Problem, initialParameters: [Number], inner: any InnerOptimizer,
    hyperparameters: Hyperparameters, outer: OuterOptimizer, settings: TuningSettings,
    verification: VerificationSettings, modes: DynamicModeSettings,
    coordinator: any Coordinator = SingleRank(),
    shouldStop: @escaping StopQuestion = { _ in false }
  ) {
    let complaint = verification.complaint(
      settings, count: hyperparameters.tuned.count + problem.lossColumnCount)
    precondition(complaint == nil, complaint ?? "")
    let training = InnerTraining(
      problem, optimizer: inner, hyperparameters: hyperparameters,
      schedule: settings.rateSchedule, coordinator: coordinator,
      shouldStop: shouldStop)
    families = TangentFamilies(
      training, carried: verification.decays,
      followed: settings.method.rule.movesHyperparameters ? settings.carry : 0)
    tuner = Tuner(
      training, initialParameters: initialParameters, outer: outer, settings: settings,
      estimation: HankelEstimation(modes), source: families, tangentCount: families.tangentCount,
      canBeLeft: false)
    let own = training.ownColumns
    (frozen, frozenState) = (
      ForwardColumns(training, columns: own), training.state(tangentCount: own.count)
    )
    plain = ForwardColumns(training, columns: 0..<0)
    (plainState, windowStart) = (training.state(tangentCount: 0), training.state(tangentCount: 0))
    self.settings = verification
    self.modes = modes
    self.coordinator = coordinator
    tuner.willAttempt = { [unowned self] in
      let start = tuner.state.training.step
      willBegin(
        VerifierActivity(
          kind: .run, window: tuner.state.window + 1,
          steps: min(tuner.settings.window, tuner.settings.steps - start)))
    }
  }

  /// The families' decays, ascending from 0.
  public var decays: [Carry] { families.decays }

  /// Trains up to the next chosen window and verifies it.
  ///
  /// - Returns: nil when all are done.
  /// - Throws: `DivergenceError` if the run has to be given up; `TuningInterruption`, after which
  ///   the verification cannot continue; errors of the problem.
  public func nextVerified() throws -> VerifiedWindow? {
    while let next = settings.windows.first(where: { $0 > tuner.state.window }) {
      let isChosen = next == tuner.state.window + 1
      families.begin(
        tuner.state.training, observing: isChosen ? settings.observed : 0, in: tuner.settings)
      if isChosen { windowStart.adopt(tuner.state.training, tangents: 0..<0) }
      guard let record = try tuner.nextWindow() else { return nil }
      didTrain(record)
      if isChosen { return try verify(record) }
    }
    return nil
  }

  private func verify(_ record: WindowRecord) throws -> VerifiedWindow {
    let count = tuner.columnCount
    let end = settings.end(ofWindow: record.window, tuner.settings)
    let answers = decays.indices.map { family in
      gathered(family, count: count, horizon: end - record.steps.upperBound)
    }
    let map = try tuner.training.problem.lossColumnMap(hyperparameters: record.before.loss)
    let cosine = try map.flatMap { try mappedCosine($0, record, answers.first ?? nil) }
    willBegin(
      VerifierActivity(
        kind: .truth, window: record.window, steps: end - record.steps.upperBound))
    let (truth, loss) = try trainFrozen(record.before, to: end)
    let isAmongFirst = settings.windows.prefix(settings.differences).contains(record.window)
    return VerifiedWindow(
      window: record.window, steps: record.steps, end: end, hyperparameters: record.before,
      finalLoss: loss, families: answers.compactMap { $0 }, truth: truth,
      mappedCosine: cosine,
      differences: isAmongFirst && map == nil ? try differences(record, truth, to: end) : [])
  }

  /// A family's trajectory, gathered on the root, with the estimators' answers.
  private func gathered(_ family: Int, count: Int, horizon: Int) -> VerifiedWindow.Family? {
    let rows = families.observations.count
    let block = families.trajectory(ofFamily: family)
    guard let trajectory = coordinator.gather(block, rows: rows, count: count) else { return nil }
    return VerifiedWindow.Family(
      decay: decays[family], trajectory: trajectory,
      answers: FamilyAnswers(
        trajectory: trajectory, count: count, settings: modes, horizon: horizon))
  }

  /// Continues from the window's end with the reset columns; the run's own state does not change.
  private func trainFrozen(
    _ hyperparameters: Hyperparameters, to end: Int
  ) throws -> (truth: GlobalHypergradient?, loss: Double) {
    frozenState.adopt(tuner.state.training, tangents: families.tangents(ofFamily: 0))
    let stretch = try frozen.advance(
      &frozenState, steps: end - frozenState.step, observed: settings.average,
      hyperparameters: hyperparameters)
    if coordinator.anyRank(stretch.divergence != nil) { return (nil, .nan) }
    let gathered = coordinator.gather(
      stretch.hypergradients, rows: settings.average, count: tuner.columnCount)
    let truth = gathered.flatMap { steps in
      steps.allSatisfy(\.isFinite)
        ? GlobalHypergradient(steps: steps, count: tuner.columnCount) : nil
    }
    return (truth, stretch.meanValidationLoss)
  }
}

extension Stretch {
  /// The mean validation loss over the observed steps.
  var meanValidationLoss: Double {
    observations.reduce(0) { $0 + $1.evaluation.loss } / Double(observations.count)
  }
}
