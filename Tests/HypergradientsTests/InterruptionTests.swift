import DynamicModes
import Hypergradients
import Testing

/// Leaving a window at any safe point, and going on.
struct InterruptionTests {
  static let settings = [
    TuningSettings(method: .glocal, steps: 18, window: 6, observed: 4, estimator: .tailMean),
    TuningSettings(
      method: .glocal, steps: 18, window: 6, observed: 4, carry: 0.5, estimator: .tailMean),
    TuningSettings(
      method: .glocal, steps: 18, window: 6, observed: 4, estimator: .tailMean, mode: .reverse),
    TuningSettings(method: .truncatedGlobal, steps: 18, window: 6, playoutWindows: 2),
    TuningSettings(method: .global, steps: 18, window: 6),
    TuningSettings(method: .globalRestart, steps: 6, window: 6, outerSteps: 3),
    TuningSettings(method: .none, steps: 18, window: 6),
  ]

  private func tuner(
    _ settings: TuningSettings, asked: @escaping StopQuestion
  ) throws -> Tuner<PerceptronProblem<Double>> {
    let problem = PerceptronProblem<Double>(groups: 0)
    return Tuner(
      problem: problem, initialParameters: problem.initialParameters, inner: MomentumDescent(),
      hyperparameters: try hyperparameters(.sgd, tuned: [.learningRate, .momentum]),
      outer: .adam(learningRate: 0.1), settings: settings, estimation: TailEstimation(tail: 2),
      shouldStop: asked)
  }

  @Test(arguments: settings)
  func nothingShowsThatARunWasInterrupted(settings: TuningSettings) throws {
    var points = 0
    let reference = try tuner(settings) { _ in
      points += 1
      return false
    }
    let expected = try reference.finish()
    #expect(expected.count == 3 && points >= 18)
    for stop in 1...points {
      var count = 0
      let interrupted = try tuner(settings) { _ in
        count += 1
        return count == stop
      }
      var records: [WindowRecord] = []
      var interruptions = 0
      while !interrupted.isFinished {
        do {
          while let record = try interrupted.nextWindow() { records.append(record) }
        } catch is TuningInterruption {
          interruptions += 1
          #expect(interrupted.state.window == records.count)
          let step = settings.method == .globalRestart ? min(records.count, 1) : records.count
          #expect(interrupted.state.training.step == 6 * step)
        }
      }
      #expect(interruptions == 1, "safe point \(stop)")
      #expect(records.map(\.after) == expected.map(\.after), "safe point \(stop)")
      #expect(records.map(\.hypergradients) == expected.map(\.hypergradients))
      #expect(Array(interrupted.state.training.primal) == Array(reference.state.training.primal))
    }
  }

  @Test func theWayBackHasSafePointsOfItsOwn() throws {
    var kinds: [SafePoint: Int] = [:]
    _ = try tuner(Self.settings[2]) { point in
      kinds[point, default: 0] += 1
      return false
    }.finish()
    // Three windows of six steps, four of them observed, and six steps back.
    #expect(kinds == [.step: 6, .observation: 12, .wayBack: 18])
  }
}
