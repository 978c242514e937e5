import Hypergradients
import Storage

/// Which window was the best by its validation loss, without its θ.
package struct BestRecord: Equatable {
  let window: Int
  let step: Int
  let loss: Double
  /// Where there is one.
  let accuracy: Double?

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
      let accuracy = json["validation_accuracy"], accuracy == .null || accuracy.double != nil
    else { return nil }
    (self.window, self.step) = (window, step)
    (self.loss, self.accuracy) = (loss, accuracy.double)
  }
}
