import Differentiation
import DynamicModes
import Hypergradients
import Tensors
import Testing

/// Ways back from numbers that are not finite, and giving up.
struct DivergenceTests {
  typealias Problem = QuadraticProblem<Double>

  private func tuner(
    _ problem: Problem, _ method: Method, learningRate: Double, tuned: Bool = true,
    policy: DivergencePolicy = .retreat, retreats: Int = 5, rise: Double? = nil,
    window: Int = 200, carry: Carry = 0,
    outer: OuterOptimizer = .sgd(learningRate: 0),
    estimation: any LimitEstimation = TailEstimation(tail: 5)
  ) throws -> Tuner<Problem> {
    let all = Hyperparameters([
      try Hyperparameter(.learningRate, value: learningRate, .softplus, isTuned: tuned),
      try Hyperparameter(.momentum, value: 0.1, .sigmoid, isTuned: true),
      try Hyperparameter(.weightDecay, value: 0, .identity, isTuned: false),
    ])
    return Tuner(
      problem: problem, initialParameters: Array(repeating: 3, count: problem.parameterCount),
      inner: MomentumDescent(), hyperparameters: all, outer: outer,
      settings: TuningSettings(
        method: method, steps: 3 * window, window: window, observed: 5, carry: carry,
        estimator: .tailMean, implicit: ImplicitSettings(solver: .oneStep),
        divergence: DivergenceSettings(policy: policy, retreats: retreats, rise: rise)),
      estimation: estimation)
  }

  /// A learning rate of 64 overflows a loss of curvature 1 within 200 steps; 64/32 does not.
  @Test(arguments: [Method.none, .local, .glocal, .truncatedGlobal], [true, false])
  func aRetreatIsAsIfTheRunHadStartedSmaller(method: Method, tuned: Bool) throws {
    let problem = Problem(parameterCount: 4)
    let diverging = try tuner(problem, method, learningRate: 64, tuned: tuned)
    let record = try #require(try diverging.nextWindow())
    #expect(record.retreats.count >= 2)
    #expect(record.retreats.allSatisfy { !$0.divergence.loss.isFinite || method != .none })
    var rate = 64.0
    for retreat in record.retreats {
      // A few units in the last place of a logarithm and an exponential.
      #expect(abs(retreat.learningRateBefore - rate) <= 1e-14 * rate)
      rate /= 2
      #expect(abs(retreat.learningRateAfter - rate) <= 1e-14 * rate)
    }
    #expect(record.before[.learningRate]?.value == record.retreats.last?.learningRateAfter)
    #expect(record.steps == 1...200)
    #expect(diverging.state.retreats == record.retreats.count)

    let smaller = try tuner(problem, method, learningRate: 1, tuned: tuned)
    smaller.state.hyperparameters = record.before
    let expected = try #require(try smaller.nextWindow())
    #expect(record.validation == expected.validation)
    #expect(record.hypergradients == expected.hypergradients)
    #expect(record.trainingLoss == expected.trainingLoss)
  }

  /// With curvature 1, momentum 0.1 and a learning rate of 4, six steps make the loss larger and finite.
  @Test(arguments: [Method.none, .local, .glocal])
  func aRisenLossIsADivergence(method: Method) throws {
    let problem = Problem(parameterCount: 4)
    let free = try tuner(problem, method, learningRate: 4, window: 6)
    let start = [Double](repeating: 3, count: problem.parameterCount)
    let untrained = try start.withUnsafeBufferPointer {
      try problem.evaluate(.validation, parameters: $0)
    }
    let wild = try #require(try free.nextWindow())
    #expect(wild.retreats.isEmpty && wild.validation.loss > 1.5 * untrained.loss)

    let guarded = try tuner(problem, method, learningRate: 4, rise: 1.5, window: 6)
    let record = try #require(try guarded.nextWindow())
    #expect(record.retreats.map(\.divergence.quantity).allSatisfy { $0 == .risenLoss })
    #expect(record.retreats.first?.divergence.loss == wild.validation.loss)
    #expect(record.retreats.first?.divergence.step == 6)
    #expect(record.validation.loss <= 1.5 * untrained.loss)
    #expect(guarded.state.training.step == 6)

    let stopped = try tuner(problem, method, learningRate: 4, policy: .stop, rise: 1.5, window: 6)
    let error = try #require(throws: DivergenceError.self) { try stopped.nextWindow() }
    #expect(
      error.description.contains(
        "in window 1: the validation loss rose above the untrained network's by step 6"))
  }

  @Test func aRisenLossIsPutUpWithWhenTheRetreatsAreUsedUp() throws {
    let problem = Problem(parameterCount: 4)
    let free = try tuner(problem, .local, learningRate: 4, window: 6)
    let guarded = try tuner(
      problem, .local, learningRate: 4, retreats: 0, rise: 1.5, window: 6)
    let (expected, record) = (try free.nextWindow(), try guarded.nextWindow())
    #expect(record?.validation == expected?.validation)
    #expect(record?.retreats.isEmpty == true)
  }

  @Test func aRunGivesUpAfterItsRetreatsInAll() throws {
    let problem = Problem(parameterCount: 2)
    problem.spoil = { $0 >= 10 ? .nan : 1 }
    let run = try tuner(problem, .local, learningRate: 0.1, retreats: 3, window: 8)
    _ = try run.nextWindow()
    let error = try #require(throws: DivergenceError.self) { try run.nextWindow() }
    #expect(error.window == 2)
    #expect(error.divergence.step == 11)
    #expect(error.divergence.quantity == .trainingLoss)
    #expect(error.retreats == 3 && error.reason == .retreatsUsedUp)
    #expect(abs((error.hyperparameters[.learningRate]?.value ?? .nan) - 0.1 / 8) <= 1e-15)
    #expect(error.description.contains("in window 2: the training loss was not finite at step 11"))
    #expect(error.description.contains("learning-rate 0.012"))
    #expect(run.state.training.step == 8, "the state is back at the window's start")
    #expect(run.state.training.primal.allSatisfy { $0.isFinite })
  }

  @Test(arguments: Method.allCases)
  func stopEndsTheRunAtOnce(method: Method) throws {
    let problem = Problem(parameterCount: 2)
    problem.spoil = { $0 >= 3 ? .infinity : 1 }
    let run = try tuner(problem, method, learningRate: 0.1, policy: .stop, window: 8)
    let error = try #require(throws: DivergenceError.self) { try run.nextWindow() }
    #expect(error.reason == .policy && error.retreats == 0)
    #expect(run.state.retreats == 0 && run.state.window == 0)
  }

  /// The loss stays finite throughout: only the one who sees all columns can tell.
  @Test(arguments: [0, 0.9])
  func hypergradientsThatAreNotFiniteAreSeen(carry: Carry) throws {
    let problem = Problem(parameterCount: 2)
    var infections = 0
    problem.spoilTangents = { step in
      guard step == 13, infections < 2 else { return 1 }
      infections += 1
      return .infinity
    }
    let run = try tuner(problem, .glocal, learningRate: 0.1, window: 10, carry: carry)
    _ = try run.nextWindow()
    let record = try #require(try run.nextWindow())
    #expect(record.retreats.map(\.divergence.quantity) == [.hypergradient, .hypergradient])
    #expect(record.retreats.map(\.divergence.step) == [16, 16], "the first one observed")
    #expect(record.retreats.allSatisfy { $0.divergence.loss.isFinite })
    #expect(record.hypergradients.allSatisfy { $0.isFinite })
    #expect(record.steps == 11...20)
  }

  @Test func anUpdateThatIsNotFiniteIsNotTaken() throws {
    let problem = Problem(parameterCount: 2)
    let run = try tuner(
      problem, .glocal, learningRate: 0.1, retreats: 0, window: 10,
      estimation: TailMeanMadeInfinite())
    let start = run.state.hyperparameters
    let error = try #require(throws: DivergenceError.self) { try run.nextWindow() }
    #expect(error.divergence.quantity == .update)
    #expect(run.state.hyperparameters == start)
    #expect(run.state.outer == OuterState(count: 2))
  }

  @Test func aRetreatClearsTheLearningRatesFirstMomentAlone() throws {
    let problem = Problem(parameterCount: 2)
    var failures = 0
    problem.spoil = { step in
      guard step == 12, failures == 0 else { return 1 }
      failures += 1
      return .nan
    }
    let run = try tuner(
      problem, .local, learningRate: 0.1, window: 10, outer: .adam(learningRate: 1e-3))
    let first = try #require(try run.nextWindow())
    let moments = run.state.outer
    #expect(moments.first.allSatisfy { $0 != 0 })
    let second = try #require(try run.nextWindow())
    #expect(second.retreats.count == 1)
    let h = second.hypergradients
    #expect(run.state.outer.first[0] == (1 - 0.9) * h[0])
    #expect(run.state.outer.first[1] == 0.9 * moments.first[1] + (1 - 0.9) * h[1])
    #expect(run.state.outer.second[0] == 0.999 * moments.second[0] + (1 - 0.999) * h[0] * h[0])
    #expect(first.retreats.isEmpty)
  }

  @Test func aDivergingPlayoutLeadsBackToo() throws {
    let problem = Problem(parameterCount: 2)
    var failures = 0
    problem.spoil = { step in
      guard step == 25, failures == 0 else { return 1 }
      failures += 1
      return .nan
    }
    let run = try tuner(problem, .global, learningRate: 0.1, window: 10)
    let record = try #require(try run.nextWindow())
    #expect(record.retreats.map(\.divergence.step) == [26])
    #expect(record.steps == 1...10 && run.state.training.step == 10)
  }

  @Test func anOutcomeIsAValue() throws {
    let problem = Problem(parameterCount: 2)
    problem.spoil = { $0 == 4 ? .nan : 1 }
    let all = try hyperparameters(.sgd, tuned: [.learningRate])
    let forward = ForwardColumns(
      InnerTraining(problem, optimizer: MomentumDescent(), hyperparameters: all), columns: 0..<1)
    var state = start(problem, .sgd, from: [3, 3], columns: 1)
    let stretch = try forward.advance(
      &state, steps: 9, observed: 2, hyperparameters: all)
    #expect(stretch.divergence?.quantity == .trainingLoss)
    #expect(stretch.divergence?.step == 5)
    #expect(stretch.losses.count == 5, "training stops at the loss")
    #expect(stretch.observations.isEmpty)
  }
}

private struct TailMeanMadeInfinite: LimitEstimation {
  func limit(
    of trajectory: [Double], steps: Int, count: Int, requested: Estimator, horizon: Int
  ) -> LimitEstimate {
    LimitEstimate(
      estimates: [.tailMean: Array(repeating: .infinity, count: count)], used: .tailMean)
  }
}
