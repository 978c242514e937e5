import DynamicModes
import Hypergradients
import Testing

/// What a method says of its runs against the runs themselves.
struct MethodRuleTests {
  private func settings(
    _ method: Method, steps: Int = 24, carry: Carry = 0, estimator: Estimator = .tailMean,
    playoutWindows: Int = 3
  ) -> TuningSettings {
    TuningSettings(
      method: method, steps: steps, window: 4, observed: 3, carry: carry, estimator: estimator,
      outerSteps: 3, playoutWindows: playoutWindows,
      implicit: ImplicitSettings(solver: .oneStep))
  }

  @Test func everyMethodIsMadeFromItsName() {
    #expect(
      Method.allCases.map(\.rawValue) == [
        "none", "local", "glocal", "global", "global-restart", "truncated-global", "implicit",
      ])
    for method in Method.allCases { #expect(Method(rawValue: method.rawValue) == method) }
    #expect(Set(Method.allCases).count == Method.allCases.count)
    #expect(Method(rawValue: "globalRestart") == nil)
  }

  @Test(arguments: Method.allCases)
  func windowsStepsAndUpdatesAreThoseOfTheRun(method: Method) throws {
    let settings = settings(method)
    let tuner = try run(settings)
    for window in 1...settings.windowCount {
      _ = try #require(try tuner.nextWindow())
      #expect(tuner.state.training.step == settings.step(after: window))
      #expect(tuner.state.outer.step == method.rule.updates(in: window, settings))
    }
    #expect(try tuner.nextWindow() == nil)
  }

  /// 24 steps are whole windows and whole playouts: nothing is rounded.
  @Test(arguments: Method.allCases)
  func costsAreWhatTheProblemIsAskedFor(method: Method) throws {
    var settings = settings(method)
    settings.implicit = ImplicitSettings(solver: .neumann, steps: 3, minibatches: 2)
    let problem = MeteredProblem()
    let all = try hyperparameters(
      .sgd, tuned: method == .implicit ? [.weightDecay] : [.learningRate, .momentum])
    let tuner = Tuner(
      problem: problem, initialParameters: problem.initialParameters, inner: MomentumDescent(),
      hyperparameters: all, outer: .adam(learningRate: 0.1), settings: settings,
      estimation: TailEstimation(tail: 2))
    let windows = try tuner.finish().count
    let validation = 7.5
    let prices = WindowPrices(validation: validation) { steps, observed in
      (method.rule.mode ?? .forward).passes(steps: steps, observed: observed, count: all.count)
    }
    var expected = (0..<windows).reduce(0) {
      $0 + method.rule.cost(remaining: settings.steps - 4 * $1, settings, prices)
    }
    // The last window is its own playout, whose gradient serves as the evaluation.
    if method == .global { expected -= validation / 3 }
    let spent =
      Double(problem.trainingPasses)
      + validation * (Double(problem.validationGradients) + Double(problem.evaluations) / 3)
    // A few divisions by three.
    #expect(abs(spent - expected) <= 1e-12 * expected)
  }

  /// Columns that are spoilt between two windows show, or they do not.
  @Test(arguments: Method.allCases, [Carry.decay(0), .decay(0.5), .remaining])
  func columnsAreNeededWhereTheyShow(method: Method, carry: Carry) throws {
    let settings = settings(method, carry: carry)
    let expected = try run(settings).finish()
    for window in 1..<settings.windowCount {
      let tuner = try run(settings)
      for _ in 0..<window { _ = try tuner.nextWindow() }
      for jet in tuner.state.training.jets {
        for k in 0..<jet.tangentCount {
          for i in jet.tangent(k).indices { jet.tangent(k)[i] = 1 }
        }
      }
      let found = try tuner.finish()
      let same =
        found.map(\.hypergradients) == expected.dropFirst(window).map(\.hypergradients)
      // What is carried fades to nothing where one window is left, but not within a playout.
      let fades =
        carry == .remaining && window == 5
        && method.rule.playoutStart(after: window, settings) == nil
      #expect(same == (!settings.needsColumns(after: window) || fades), "after \(window)")
    }
  }

  /// The first windows of a longer training are the same ones, unless something looks ahead.
  @Test(
    arguments: Method.allCases,
    [
      (Carry.decay(0.5), Estimator.tailMean), (.remaining, .tailMean), (.decay(0.5), .dmdHorizon),
    ])
  func longerTrainingsBeginTheSameUnlessSomethingLooksAhead(
    method: Method, look: (carry: Carry, estimator: Estimator)
  ) throws {
    func firstWindows(_ steps: Int) throws -> [[Double]] {
      let tuner = try run(
        settings(
          method, steps: steps, carry: look.carry, estimator: look.estimator, playoutWindows: 1),
        estimation: HorizonEstimation())
      return try (0..<2).map { _ in try #require(try tuner.nextWindow()).after.raw }
    }
    let whole = settings(
      method, carry: look.carry, estimator: look.estimator, playoutWindows: 1)
    let same = try firstWindows(16) == firstWindows(24)
    #expect(same == (method.rule.foresight(whole) == nil))
  }
}

/// The last hypergradient, which `dmd-horizon` makes larger the farther the end is.
private struct HorizonEstimation: LimitEstimation {
  func limit(
    of trajectory: [Double], steps: Int, count: Int, requested: Estimator, horizon: Int
  ) -> LimitEstimate {
    let scale = requested == .dmdHorizon ? Double(1 + horizon) : 1
    return LimitEstimate(
      estimates: [requested: trajectory.suffix(count).map { scale * $0 }], used: requested)
  }
}
