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
    policy: DivergencePolicy = .retreat, retreats: Int = 5, window: Int = 200, carry: Carry = 0,
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
        estimator: .tailMean,
        divergence: DivergenceSettings(policy: policy, retreats: retreats)),
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
    #expect(error.description.contains("training loss is not finite in window 2 at step 11"))
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
      problem: problem, optimizer: MomentumDescent(), hyperparameters: all, columns: 0..<1)
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
