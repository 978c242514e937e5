import Differentiation
import DynamicModes
import Hypergradients
import Tensors
import Testing

/// The truth, the families of columns, and that neither disturbs the run.
struct VerifierTests {
  typealias Problem = PerceptronProblem<Double>

  private static let tuned: Set<HyperparameterName> = [.learningRate, .momentum, .weightDecay]

  private func tuning(
    _ method: Hypergradients.Method, carry: Carry = 0, schedule: RateScheduleKind = .constant
  ) -> TuningSettings {
    TuningSettings(
      method: method, steps: 60, window: 10, observed: 6, carry: carry, estimator: .tailMean,
      schedule: schedule)
  }

  private func verifier(
    _ settings: TuningSettings, _ verification: VerificationSettings,
    kind: InnerOptimizerKind = .sgd, groups: Int = 0,
    coordinator: any Coordinator = SingleRank()
  ) throws -> Verifier<Problem> {
    let problem = Problem(groups: groups)
    return Verifier(
      problem: problem, initialParameters: problem.initialParameters, inner: kind.optimizer,
      hyperparameters: try hyperparameters(
        kind, tuned: Self.tuned, loss: (0..<groups).map { 0.1 * Double($0) }),
      outer: .adam(learningRate: 0.1), settings: settings, verification: verification,
      modes: DynamicModeSettings(stacks: 2), coordinator: coordinator)
  }

  /// Against differences of trainings from the very start, which no column takes part in.
  @Test(arguments: InnerOptimizerKind.allCases, [1, 4])
  func theTruthIsTheDerivativeFarAhead(kind: InnerOptimizerKind, average: Int) throws {
    let verifier = try verifier(
      tuning(.none),
      VerificationSettings(windows: [1], observed: 6, horizon: 37, average: average), kind: kind)
    let window = try #require(try verifier.nextVerified())
    let truth = try #require(window.truth)
    let q = window.hyperparameters.count
    let all = try differences(
      Problem(), kind, from: Problem().initialParameters, window.hyperparameters, steps: 37)
    let last = Array(all.suffix(average * q))
    // Five-point differences are good to about 1e-8; Adam divides by small gradients.
    #expect(columnError(truth.steps, last, columns: q) <= 1e-6)
    #expect((truth.standardError == nil) == (average == 1))
    #expect(window.end == 37 && window.steps == 1...10)
    #expect(try verifier.nextVerified() == nil)
  }

  /// The quadratic's own recursion in one dimension: no tangent, no problem's code.
  @Test func theTruthOfAQuadraticIsKnown() throws {
    let problem = QuadraticProblem<Double>(matrix: [0.7], parameterCount: 1)
    let rate = 0.1
    let all = Hyperparameters([
      try Hyperparameter(.learningRate, value: rate, .identity, isTuned: true),
      try Hyperparameter(.momentum, value: 0, .identity, isTuned: false),
      try Hyperparameter(.weightDecay, value: 0, .identity, isTuned: false),
    ])
    let verifier = Verifier(
      problem: problem, initialParameters: [3], inner: MomentumDescent(), hyperparameters: all,
      outer: .adam(learningRate: 0.1), settings: tuning(.none),
      verification: VerificationSettings(windows: [3], observed: 6, average: 1),
      modes: DynamicModeSettings(stacks: 2))
    let truth = try #require(try verifier.nextVerified()?.truth)
    var (theta, slope) = (3.0, 0.0)
    for step in 0..<60 {
      if step == 20 { slope = 0 }
      let force = 0.7 * (theta - problem.target(0, step: step))
      slope -= force + rate * 0.7 * slope
      theta -= rate * force
    }
    let expected = slope * (theta - problem.validationTarget(0))
    // Sixty steps of rounding.
    #expect(abs(truth.mean[0] - expected) <= 1e-13 * abs(expected))
  }

  @Test func differencesAgreeWithTheTruthOfALaterWindow() throws {
    let verifier = try verifier(
      tuning(.glocal, schedule: .cosine),
      VerificationSettings(
        windows: [2, 4], observed: 6, average: 3, differences: 1, differenceStep: 1e-3))
    let first = try #require(try verifier.nextVerified())
    let truth = try #require(first.truth)
    #expect(first.differences.map(\.entry) == [0, 1, 2])
    for difference in first.differences {
      let expected = truth.mean[difference.entry]
      // Truncation: the square of the step times a third derivative of order one.
      #expect(abs(difference.value - expected) <= 1e-4 * abs(expected))
    }
    let second = try #require(try verifier.nextVerified())
    #expect(second.window == 4 && second.differences.isEmpty)
  }

  /// Family by family against runs of their own, whose φ does not move either; bit for bit.
  @Test(arguments: InnerOptimizerKind.allCases)
  func familiesAreWhatTheyAreCalled(kind: InnerOptimizerKind) throws {
    let verifier = try verifier(
      tuning(.none),
      VerificationSettings(
        windows: [3], decays: [.remaining, 1, 0.5], observed: 6, average: 2),
      kind: kind)
    let window = try #require(try verifier.nextVerified())
    #expect(window.families.map(\.decay) == [0, 0.5, 1, .remaining])
    for family in window.families {
      let tuner = try run(
        tuning(.glocal, carry: family.decay), kind: kind, tuned: Self.tuned,
        outer: .sgd(learningRate: 0))
      let records = try tuner.finish()
      #expect(family.trajectory == records[2].hypergradients)
      let mean = TailEstimation(tail: 2).limit(
        of: family.trajectory, steps: 6, count: window.hyperparameters.count,
        requested: .tailMean, horizon: 0)
      #expect(family.answers.answers[.tailMean]?.estimate == mean.estimates[.tailMean])
    }
    // Decay 1 is a training whose columns were never reset.
    let all = try hyperparameters(kind, tuned: Self.tuned)
    let forward = ForwardColumns(
      InnerTraining(Problem(), optimizer: kind.optimizer, hyperparameters: all),
      columns: 0..<all.count)
    var state = start(
      Problem(), kind, from: Problem().initialParameters, columns: all.count)
    let stretch = try forward.advance(&state, steps: 30, observed: 6, hyperparameters: all)
    #expect(window.families[2].trajectory == stretch.hypergradients)
  }

  /// Carry 0.3 is not among the decays that were asked for: the run's own family is added.
  @Test(
    arguments: [
      (Hypergradients.Method.none, Carry.decay(0)), (.local, 0), (.local, 0.5), (.glocal, 0),
      (.glocal, 0.3),
    ])
  func theRunGoesOnAsIfNothingHadHappened(method: Hypergradients.Method, carry: Carry) throws {
    let verifier = try verifier(
      tuning(method, carry: carry, schedule: !carry.isReset ? .cosine : .constant),
      VerificationSettings(
        windows: [2, 3, 5], decays: [0.5, 1], observed: 6, average: 2, differences: 2))
    var records: [WindowRecord] = []
    verifier.didTrain = { records.append($0) }
    var windows: [VerifiedWindow] = []
    while let window = try verifier.nextVerified() { windows.append(window) }
    #expect(windows.map(\.window) == [2, 3, 5])
    #expect(windows[0].families.map(\.decay) == (carry == 0.3 ? [0, 0.3, 0.5, 1] : [0, 0.5, 1]))

    let problem = Problem()
    let tuner = Tuner(
      problem: problem, initialParameters: problem.initialParameters,
      inner: MomentumDescent(), hyperparameters: try hyperparameters(.sgd, tuned: Self.tuned),
      outer: .adam(learningRate: 0.1),
      settings: tuning(method, carry: carry, schedule: !carry.isReset ? .cosine : .constant),
      estimation: HankelEstimation(DynamicModeSettings(stacks: 2)))
    #expect(records.count == 5)
    for record in records {
      let expected = try #require(try tuner.nextWindow())
      #expect(record.after == expected.after && record.estimate == expected.estimate)
      #expect(record.validation == expected.validation)
      #expect(record.observations == expected.observations)
      #expect(record.hypergradients == expected.hypergradients)
      #expect(record.trainingLoss == expected.trainingLoss)
    }
    #expect(Array(verifier.tuner.state.training.primal) == Array(tuner.state.training.primal))
    #expect(verifier.tuner.state.outer == tuner.state.outer)
  }

  /// Six columns; with nine ranks some own none.
  @Test(arguments: [3, 9])
  func anyNumberOfRanksGivesTheSameBits(ranks: Int) throws {
    let settings = tuning(.glocal, carry: 0.5)
    let verification = VerificationSettings(
      windows: [1, 4], decays: [0.5, 0.9], observed: 6, average: 3, differences: 1)
    @Sendable func windows(_ coordinator: any Coordinator) throws -> [VerifiedWindow] {
      let verifier = try verifier(
        settings, verification, groups: 3, coordinator: coordinator)
      var windows: [VerifiedWindow] = []
      while let window = try verifier.nextVerified() { windows.append(window) }
      return windows
    }
    let single = try windows(SingleRank())
    let all = try onRanks(ranks) { try windows($0) }.map { try $0.get() }
    #expect(single.count == 2 && all.count == ranks)
    #expect(all[0] == single)
    for other in all.dropFirst() {
      #expect(other.map(\.differences) == single.map(\.differences))
      #expect(other.map(\.hyperparameters) == single.map(\.hyperparameters))
      #expect(other.allSatisfy { $0.families.isEmpty && $0.truth == nil })
    }
  }

  private func spoiled(
    windows: [Int], _ spoil: @escaping (Int) -> Double
  ) throws -> Verifier<QuadraticProblem<Double>> {
    let problem = QuadraticProblem<Double>(parameterCount: 2)
    problem.spoil = spoil
    return Verifier(
      problem: problem, initialParameters: [3, 4], inner: MomentumDescent(),
      hyperparameters: try hyperparameters(.sgd, tuned: Self.tuned),
      outer: .adam(learningRate: 0.1), settings: tuning(.local),
      verification: VerificationSettings(
        windows: windows, decays: [1], observed: 6, average: 2, differences: 1),
      modes: DynamicModeSettings(stacks: 2))
  }

  /// After a retreat all columns belong to a φ that is no more: every family starts from zero.
  @Test func aRetreatSetsAllFamiliesBack() throws {
    var isWell = false
    let verifier = try spoiled(windows: [2, 3]) { step in
      guard step == 13, !isWell else { return 1 }
      isWell = true
      return .nan
    }
    let second = try #require(try verifier.nextVerified())
    #expect(isWell && second.families[0].trajectory == second.families[1].trajectory)
    let third = try #require(try verifier.nextVerified())
    #expect(third.families[0].trajectory != third.families[1].trajectory)
    #expect(third.truth != nil)
  }

  @Test func aTruthThatDivergesIsMissing() throws {
    let verifier = try spoiled(windows: [1]) { $0 == 45 ? .nan : 1 }
    let window = try #require(try verifier.nextVerified())
    #expect(window.truth == nil && window.differences.isEmpty)
    #expect(window.families.count == 2)
  }
}
