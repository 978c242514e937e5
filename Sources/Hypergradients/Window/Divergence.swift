/// The first non-finite number of a window, or a loss that has risen too far.
public struct Divergence: Equatable, Sendable {
  /// The quantity that was computed.
  public enum Quantity: String, CaseIterable, Sendable {
    /// A minibatch's loss.
    case trainingLoss = "training loss"
    /// The loss on the validation set.
    case validationLoss = "validation loss"
    /// h_t.
    case hypergradient
    /// The result of the outer optimizer.
    case update = "hyperparameter update"
    /// The loss on the validation set: finite, but too far above that of the untrained network.
    case risenLoss = "risen validation loss"
  }

  /// The inner step after which (for a training loss, in which) it was found, from 1.
  public let step: Int
  /// The quantity that diverged.
  public let quantity: Quantity
  /// The last computed loss, finite or not.
  public let loss: Double

  /// A description as a clause: "the training loss was not finite at step 7".
  public var clause: String {
    quantity == .risenLoss
      ? "the validation loss rose above the untrained network's by step \(step)"
      : "the \(quantity.rawValue) was not finite at step \(step)"
  }

  /// Creates a divergence from a non-finite number or a risen loss.
  public init(step: Int, quantity: Quantity, loss: Double) {
    self.step = step
    self.quantity = quantity
    self.loss = loss
  }
}
