import Hypergradients
import Storage

/// The best window by validation loss, without its θ.
package struct BestRecord: Equatable {
  let window: Int
  let step: Int
  let loss: Double
  /// The accuracy; nil if the problem has none.
  let accuracy: Double?

  init<Number>(_ best: BestWindow<Number>) {
    (window, step) = (best.window, best.step)
    (loss, accuracy) = (best.loss, best.accuracy)
  }

  /// The record as members of a JSON object.
  var members: [JSONValue.Member] {
    [
      .init("window", .integer(window)), .init("step", .integer(step)),
      .init("validation_loss", .number(loss)), .init("validation_accuracy", .number(accuracy)),
    ]
  }

  /// Reads a record from such members; returns nil for anything else.
  init?(_ json: JSONValue) {
    guard let window = json["window"]?.int, window >= 1, let step = json["step"]?.int, step >= 1,
      let loss = json["validation_loss"]?.double, loss.isFinite,
      let accuracy = json["validation_accuracy"], accuracy == .null || accuracy.double != nil
    else { return nil }
    (self.window, self.step) = (window, step)
    (self.loss, self.accuracy) = (loss, accuracy.double)
  }
}
