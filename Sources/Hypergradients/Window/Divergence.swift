/// The first number of a window that is not finite, or a loss that has risen too far.
public struct Divergence: Equatable, Sendable {
  /// What was computed.
  public enum Quantity: String, CaseIterable, Sendable {
    /// A minibatch's loss.
    case trainingLoss = "training loss"
    /// The loss on the validation set.
    case validationLoss = "validation loss"
    /// h_t.
    case hypergradient
    /// What the outer optimizer made of it.
    case update = "hyperparameter update"
    /// The loss on the validation set: finite, but worse than before all training.
    case risenLoss = "risen validation loss"
  }

  /// The inner step after (or, for a training loss, in) which it was found, from 1.
  public let step: Int
  /// What was not finite.
  public let quantity: Quantity
  /// The loss that was last computed, finite or not.
  public let loss: Double

  /// What was wrong, as a clause: "the training loss was not finite at step 7".
  public var clause: String {
    quantity == .risenLoss
      ? "the validation loss rose above the untrained network's by step \(step)"
      : "the \(quantity.rawValue) was not finite at step \(step)"
  }

  /// A number that is not finite, or a loss that has risen.
  public init(step: Int, quantity: Quantity, loss: Double) {
    self.step = step
    self.quantity = quantity
    self.loss = loss
  }
}
