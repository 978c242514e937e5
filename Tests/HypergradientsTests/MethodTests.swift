import DynamicModes
import Hypergradients
import Testing

/// What each method trains on, looks at and updates.
struct MethodTests {
  @Test(arguments: InnerOptimizerKind.allCases)
  func noneOnlyTrains(kind: InnerOptimizerKind) throws {
    let tuner = try run(TuningSettings(method: .none, steps: 23, window: 10), kind: kind)
    let start = tuner.state.hyperparameters
    let records = try tuner.finish()
    let plain = try validationLosses(
      PerceptronProblem<Double>(), kind, from: PerceptronProblem<Double>().initialParameters,
      start, steps: 23)
    #expect(records.map(\.steps) == [1...10, 11...20, 21...23])
    #expect(records.map(\.window) == [1, 2, 3])
    #expect(records.map(\.validation.loss) == [plain[9], plain[19], plain[22]])
    #expect(records.allSatisfy { $0.after == start && $0.observations.isEmpty })
    #expect(tuner.state.training.parameters.tangentCount == 0)
    #expect(tuner.isFinished)
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func localGoesByTheLastHypergradientOfAWindow(kind: InnerOptimizerKind) throws {
    let outer = OuterOptimizer.adam(learningRate: 0.2)
    let tuner = try run(
      TuningSettings(method: .local, steps: 20, window: 10), kind: kind, outer: outer)
    let problem = PerceptronProblem<Double>()
    let start = tuner.state.hyperparameters
    let q = start.count
    var expected = start.raw
    var state = OuterState(count: q)
    for _ in 0..<2 {
      var training = tuner.copyOfTraining(kind, columns: q)
      var hyperparameters = start
      hyperparameters.raw = expected
      let forward = ForwardColumns(
        InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: hyperparameters),
        columns: 0..<q)
      let stretch = try forward.advance(
        &training, steps: 10, observed: 10, hyperparameters: hyperparameters)
      let record = try #require(try tuner.nextWindow())
      #expect(record.hypergradients == Array(stretch.hypergradients.suffix(q)))
      #expect(record.observations.map(\.step) == [record.steps.upperBound])
      #expect(record.trainingLoss == stretch.meanLoss)
      #expect(record.estimate?.used == .last)
      outer.update(&expected, along: record.hypergradients, &state)
      // Adam's weight decay has no transform: it stays at 0, the least that is legal.
      var projected = hyperparameters
      projected.raw = expected
      #expect(record.projected == projected.project())
      expected = projected.raw
      #expect(record.before == hyperparameters)
      #expect(record.after.raw == expected)
      #expect(tuner.state.outer == state)
    }
    #expect(try tuner.nextWindow() == nil)
  }

  @Test func glocalHandsTheObservedStepsToTheEstimation() throws {
    let estimation = RecordingEstimation(answer: [1, 0, -1])
    let tuner = try run(
      TuningSettings(method: .glocal, steps: 33, window: 15, observed: 6, estimator: .dmdHorizon),
      outer: .sgd(learningRate: 0.25), estimation: estimation)
    let start = tuner.state.hyperparameters.raw
    let records = try tuner.finish()
    #expect(estimation.questions.map(\.steps) == [6, 6, 3], "the last window has three steps")
    #expect(estimation.questions.map(\.horizon) == [18, 3, 0])
    #expect(estimation.questions.map(\.trajectory) == records.map(\.hypergradients))
    #expect(estimation.questions.allSatisfy { $0.count == 3 && $0.requested == .dmdHorizon })
    #expect(records[1].observations.map(\.step) == Array(25...30))
    #expect(records[0].estimate?.modes?.spectralRadius == 0.9)
    #expect(records[0].after.raw == [start[0] - 0.25, start[1], start[2] + 0.25])
    #expect(records[1].validation == records[1].observations[5].evaluation)
  }

  @Test func tailEstimationAveragesAndSaysWhatItCannotDo() {
    let trajectory = [9.0, 9, 1, 2, 3, 4]
    let known = TailEstimation(tail: 2).limit(
      of: trajectory, steps: 3, count: 2, requested: .last, horizon: 0)
    #expect(known.estimates == [.last: [3, 4], .tailMean: [2, 3]])
    #expect(known.used == .last && known.fallback == nil)
    let unknown = TailEstimation(tail: 50).limit(
      of: trajectory, steps: 3, count: 2, requested: .dmd, horizon: 0)
    #expect(unknown.used == .tailMean && unknown.estimates[.tailMean] == [13.0 / 3, 5])
    #expect(unknown.fallback?.contains("dmd needs modes") == true)
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func aFullCarryWithAStillPhiIsOneLongTrajectory(kind: InnerOptimizerKind) throws {
    let still = OuterOptimizer.sgd(learningRate: 0)
    let tuner = try run(
      TuningSettings(method: .local, steps: 24, window: 8, carry: 1), kind: kind, outer: still)
    let expected = try differences(
      tuner, kind, steps: 24)
    let q = tuner.state.hyperparameters.count
    let records = try tuner.finish()
    for record in records {
      let t = record.steps.upperBound
      // The accuracy of the differences; see there.
      #expect(
        columnError(
          record.hypergradients, Array(expected[(t - 1) * q..<t * q]), columns: q) <= 1e-6)
    }
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func globalPlaysOutToTheEndAndAdvancesOneWindow(kind: InnerOptimizerKind) throws {
    let tuner = try run(TuningSettings(method: .global, steps: 24, window: 8), kind: kind)
    let problem = PerceptronProblem<Double>()
    let q = tuner.state.hyperparameters.count
    let expected = try differences(tuner, kind, steps: 24)
    let plain = try validationLosses(
      problem, kind, from: problem.initialParameters, tuner.state.hyperparameters, steps: 24)

    let first = try #require(try tuner.nextWindow())
    #expect(tuner.state.training.step == 8)
    #expect(first.steps == 1...8)
    #expect(first.validation.loss == plain[7], "the real trajectory goes one window")
    #expect(first.observations.map(\.step) == [24])
    #expect(first.observations[0].evaluation.loss == plain[23])
    #expect(
      columnError(first.hypergradients, Array(expected.suffix(q)), columns: q) <= 1e-6)
    var afterFirst = tuner.copyOfTraining(kind, columns: 0)
    let moved = tuner.state.hyperparameters
    #expect(moved != first.before)

    var columns = tuner.copyOfTraining(kind, columns: q)
    let second = try #require(try tuner.nextWindow())
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: moved), columns: 0..<q)
    let playout = try forward.advance(
      &columns, steps: 16, observed: 1, hyperparameters: moved)
    #expect(second.hypergradients == playout.hypergradients, "the columns start anew")
    let bare = ForwardColumns(
      InnerTraining(problem, optimizer: kind.optimizer, hyperparameters: moved), columns: 0..<0)
    let window = try bare.advance(&afterFirst, steps: 8, observed: 1, hyperparameters: moved)
    #expect(second.validation == window.observations[0].evaluation)
    #expect(tuner.state.training.primal.elementsEqual(afterFirst.primal))

    let third = try #require(try tuner.nextWindow())
    #expect(third.observations.map(\.step) == [24] && third.steps == 17...24)
    #expect(tuner.isFinished)
  }

  @Test func globalRestartTrainsFromTheStartEveryTime() throws {
    let tuner = try run(
      TuningSettings(method: .globalRestart, steps: 30, window: 10, outerSteps: 3))
    let expected = try differences(tuner, .sgd, steps: 30)
    let records = try tuner.finish()
    #expect(records.count == 3)
    #expect(records.allSatisfy { $0.steps == 1...30 })
    #expect(
      columnError(records[0].hypergradients, Array(expected.suffix(3)), columns: 3) <= 1e-6)
    // A training with the hyperparameters of the last one gives its loss: nothing is left over.
    let problem = PerceptronProblem<Double>()
    let again = try validationLosses(
      problem, .sgd, from: problem.initialParameters, records[2].before, steps: 30)
    #expect(again[29] == records[2].validation.loss)
  }

  @Test func globalRestartTrainsBetterEveryTime() throws {
    let problem = QuadraticProblem<Double>(parameterCount: 5)
    let tuner = Tuner(
      problem: problem, initialParameters: Array(repeating: 3, count: 5),
      inner: MomentumDescent(),
      hyperparameters: try hyperparameters(
        .sgd, tuned: [.learningRate, .momentum], learningRate: 1e-3),
      outer: .adam(learningRate: 0.2),
      settings: TuningSettings(method: .globalRestart, steps: 30, outerSteps: 6),
      estimation: TailEstimation(tail: 1))
    let losses = try tuner.finish().map(\.validation.loss)
    for (before, after) in zip(losses, losses.dropFirst()) { #expect(after < before) }
    // The start is far out, and the learning rate a hundredth of what it takes to arrive.
    #expect(losses[5] <= 0.5 * losses[0])
  }

  @Test(arguments: InnerOptimizerKind.allCases)
  func truncatedGlobalUpdatesOncePerPlayout(kind: InnerOptimizerKind) throws {
    let tuner = try run(
      TuningSettings(method: .truncatedGlobal, steps: 35, window: 5, playoutWindows: 3),
      kind: kind)
    let q = tuner.state.hyperparameters.count
    let expected = try differences(tuner, kind, steps: 15)
    var beforeSecond: TrainingState<Double>?
    var records: [WindowRecord] = []
    while let record = try tuner.nextWindow() {
      records.append(record)
      if record.window == 3 { beforeSecond = tuner.copyOfTraining(kind, columns: q) }
    }
    #expect(records.map { $0.before == $0.after } == [true, true, false, true, true, false, true])
    #expect(records.map(\.observations.count) == [0, 0, 1, 0, 0, 1, 0])
    #expect(
      columnError(records[2].hypergradients, Array(expected.suffix(q)), columns: q) <= 1e-6)
    var training = try #require(beforeSecond)
    let forward = ForwardColumns(
      InnerTraining(
        PerceptronProblem<Double>(), optimizer: kind.optimizer, hyperparameters: records[3].before),
      columns: 0..<q)
    let stretch = try forward.advance(
      &training, steps: 15, observed: 1, hyperparameters: records[3].before)
    #expect(records[5].hypergradients == stretch.hypergradients)
  }

  private func differences(
    _ tuner: Tuner<PerceptronProblem<Double>>, _ kind: InnerOptimizerKind, steps: Int
  ) throws -> [Double] {
    let problem = PerceptronProblem<Double>()
    return try HypergradientsTests.differences(
      problem, kind, from: problem.initialParameters, tuner.state.hyperparameters, steps: steps)
  }
}
