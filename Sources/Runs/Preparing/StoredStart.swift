import MessagePassing
import Settings
import Tensors

/// Where a run began, as far as it came from files: a run that goes on does not ask for them again.
///
/// What was drawn with the seed is drawn again.
package struct StoredStart<Number: Scalar & MessageElement> {
  /// θ₀, `[p]`.
  var parameters: [Number]?
  /// φ₀ of the training loss.
  var loss: [Double]?

  /// What of a start came from files.
  init(of start: StartingPoint<Number>, _ configuration: Configuration) {
    if configuration.initial.parameters != nil { parameters = start.parameters }
    if configuration.task == .reweighting, configuration.reweighting.initial != nil {
      loss = start.hyperparameters.loss
    }
  }
}
