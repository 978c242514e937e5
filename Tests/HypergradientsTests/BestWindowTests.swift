import DynamicModes
import Tensors
import Testing

@testable import Hypergradients

/// The best window of a run, and runs that end because no better one came.
struct BestWindowTests {
  typealias Problem = QuadraticProblem<Double>

  /// Ten windows of five steps; from step 10 on the gradient points uphill, so that the second window
  /// stays the best.
  private func tuner(
    _ method: Method = .none, patience: Int? = nil, turn: Int = 10, outerSteps: Int = 10
  ) -> Tuner<Problem> {
    let problem = Problem(parameterCount: 3)
    problem.spoil = { $0 < turn ? 1 : -1 }
    return Tuner(
      problem: problem, initialParameters: [3, 3, 3], inner: MomentumDescent(),
      hyperparameters: Hyperparameters([
        Hyperparameter(.learningRate, tunedFrom: -4, .exp),
        Hyperparameter(.momentum, fixedAt: 0), Hyperparameter(.weightDecay, fixedAt: 0),
      ]), outer: .sgd(learningRate: 0),
      settings: TuningSettings(
        method: method, steps: 50, window: 5, observed: 2, estimator: .last,
        outerSteps: outerSteps, playoutWindows: 2, patience: patience),
      estimation: TailEstimation(tail: 1))
  }

  @Test(arguments: [Method.none, .local, .glocal, .global, .truncatedGlobal])
  func isTheOneWithTheLowestValidationLoss(method: Method) throws {
    let tuner = tuner(method)
    var (losses, states): ([Double], [[Double]]) = ([], [])
    while let record = try tuner.nextWindow() {
      losses.append(record.validation.loss)
      states.append(Array(tuner.state.training.primal))
      let place = try #require(losses.indices.min { losses[$0] < losses[$1] })
      let best = try #require(tuner.state.best)
      #expect(best.window == place + 1 && best.step == 5 * place + 5)
      #expect(best.loss == losses[place])
      #expect(Array(best.parameters.elements) == states[place])
    }
    #expect(losses.count == 10 && tuner.state.best?.window == 2)
    #expect(!tuner.hasLostPatience && tuner.isAtItsEnd)
  }

  @Test(arguments: [1, 3], [Method.none, .local, .glocal, .global, .truncatedGlobal])
  func patienceEndsTheRun(patience: Int, method: Method) throws {
    let tuner = tuner(method, patience: patience)
    #expect(try tuner.finish().count == 2 + patience)
    #expect(tuner.isFinished && tuner.hasLostPatience && !tuner.isAtItsEnd)
    #expect(tuner.state.best?.window == 2)
  }

  /// The same training again and again: the first one is the best, and equal ones are no better.
  @Test func trainingsOfARestartCountAsWindows() throws {
    let tuner = tuner(.globalRestart, patience: 2, turn: 100)
    let records = try tuner.finish()
    #expect(records.count == 3 && tuner.state.best?.window == 1)
    #expect(tuner.state.best?.step == 50)
  }

  @Test func enoughPatienceChangesNothing() throws {
    let (one, other) = (tuner(.local), tuner(.local, patience: 9))
    #expect(try one.finish().map(\.validation) == other.finish().map(\.validation))
  }

  @Test func aRestoredOneHoldsUntilABetterOneComes() throws {
    let tuner = tuner(turn: 100)
    tuner.restoreBest(window: 0, step: 0, loss: 1e-9, accuracy: 1) { $0.update(repeating: 7) }
    _ = try tuner.nextWindow()
    #expect(tuner.state.best?.loss == 1e-9)
    #expect(tuner.state.best.map { Array($0.parameters.elements) } == [7, 7, 7])
  }

  @Test func aPatienceOfNothingIsRefused() {
    let settings = TuningSettings(method: .none, steps: 5, patience: 0)
    #expect(settings.complaint(count: 0)?.sentence.contains("must be from 1") == true)
  }
}
