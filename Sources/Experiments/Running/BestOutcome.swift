import Hypergradients
import Tensors

/// Which window was the best by its validation loss, without its θ.
struct BestRecord: Equatable {
  let window: Int
  let step: Int
  let loss: Double
  let accuracy: Double

  init<Number>(_ best: BestWindow<Number>) {
    (window, step) = (best.window, best.step)
    (loss, accuracy) = (best.loss, best.accuracy)
  }

  /// Members of an object.
  var members: [JSONValue.Member] {
    [
      .init("window", .integer(window)), .init("step", .integer(step)),
      .init("validation_loss", .number(loss)), .init("validation_accuracy", .number(accuracy)),
    ]
  }

  /// Reads such members; nil when they are something else.
  init?(_ json: JSONValue) {
    guard let window = json["window"]?.int, window >= 1, let step = json["step"]?.int, step >= 1,
      let loss = json["validation_loss"]?.double, loss.isFinite,
      let accuracy = json["validation_accuracy"]?.double
    else { return nil }
    (self.window, self.step) = (window, step)
    (self.loss, self.accuracy) = (loss, accuracy)
  }
}

/// What the best window of a run came to.
struct BestOutcome {
  let record: BestRecord
  /// The test set, as its θ sees it.
  let test: Evaluation

  /// For `summary.json`.
  var json: JSONValue {
    .object(
      record.members + [
        .init("test_loss", .number(test.loss)), .init("test_accuracy", .number(test.accuracy)),
      ])
  }

  /// For the last lines on the screen.
  var line: String {
    "lowest validation loss \(Progress.brief(record.loss)) after window \(record.window) (step "
      + "\(record.step)): test accuracy \(Percent.text(test.accuracy)) there, kept in "
      + RunFolder.File.bestModel.rawValue
  }

  /// What the file of its θ says about it.
  static func metadata(_ network: String, _ record: BestRecord) -> [(key: String, text: String)] {
    [
      (key: "network", text: network), (key: "window", text: "\(record.window)"),
      (key: "step", text: "\(record.step)"), (key: "validation_loss", text: "\(record.loss)"),
    ]
  }
}

extension RunOutcome {
  /// What a run has come to, in the eyes of validation and test set; a collective.
  init<Problem: InnerProblem>(
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
