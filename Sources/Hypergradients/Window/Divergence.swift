/// The first number of a window that is not finite.
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
  }

  /// The inner step after (or, for a training loss, in) which it was found, from 1.
  public let step: Int
  /// What was not finite.
  public let quantity: Quantity
  /// The loss that was last computed, finite or not.
  public let loss: Double

  /// A number that is not finite.
  public init(step: Int, quantity: Quantity, loss: Double) {
    self.step = step
    self.quantity = quantity
    self.loss = loss
  }
}
