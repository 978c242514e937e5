import MessagePassing
import Settings
import Tensors

/// The parts of a run's start that were read from files, which a resumed run need not read again.
///
/// Anything drawn with the seed is drawn again.
package struct StoredStart<Number: Scalar & MessageElement> {
  /// θ₀, `[p]`.
  var parameters: [Number]?
  /// φ₀ of the training loss.
  var loss: [Double]?

  /// The parts of a start that were read from files.
  init(of start: StartingPoint<Number>, _ configuration: Configuration) {
    if configuration.initial.parameters != nil { parameters = start.parameters }
    if configuration.task == .reweighting, configuration.reweighting.initial != nil {
      loss = start.hyperparameters.loss
    }
  }
}
