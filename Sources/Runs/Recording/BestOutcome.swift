import Hypergradients
import Presentation
import Storage
import Tensors

/// The results of a run's best window.
package struct BestOutcome {
  package let record: BestRecord
  /// The test results with its θ.
  package let test: Evaluation

  /// The results for `summary.json`.
  package var json: JSONValue {
    .object(
      record.members + [
        .init("test_loss", .number(test.loss)), .init("test_accuracy", .number(test.accuracy)),
      ])
  }

  /// The results for the last lines on the screen.
  package var line: String {
    "lowest validation loss \(NumberText.brief(record.loss)) after window \(record.window) (step "
      + "\(record.step)): test \(test.words) there, kept in "
      + RunFolder.File.bestModel.rawValue
  }

  /// The metadata of the file with its θ.
  package static func metadata(_ network: String, _ record: BestRecord) -> [(
    key: String, text: String
  )] {
    [
      (key: "network", text: network), (key: "window", text: "\(record.window)"),
      (key: "step", text: "\(record.step)"), (key: "validation_loss", text: "\(record.loss)"),
    ]
  }
}

extension RunOutcome {
  /// Evaluates the best window on the test set; a collective.
  package init<Problem: InnerProblem>(
    of tuner: Tuner<Problem>, _ problem: Problem, tuningSeconds: Double, rankSeconds: RankSeconds,
    baseline: @autoclosure () throws -> BaselineOutcome?
  ) throws {
    let state = tuner.state
    validation = try problem.evaluate(.validation, parameters: state.training.primal)
    let last = try problem.evaluate(.test, parameters: state.training.primal)
    test = last
    best = try state.best.map { best in
      BestOutcome(
        record: BestRecord(best),
        test: best.window == state.window
          ? last
          : try problem.evaluate(
            .test, parameters: UnsafeBufferPointer(best.parameters.elements)))
    }
    (hyperparameters, retreats) = (state.hyperparameters, state.retreats)
    (windows, steps) = (state.window, state.training.step)
    endedEarly = tuner.hasLostPatience && !tuner.isAtItsEnd
    self.tuningSeconds = tuningSeconds
    self.rankSeconds = rankSeconds
    self.baseline = try baseline()
  }
}
