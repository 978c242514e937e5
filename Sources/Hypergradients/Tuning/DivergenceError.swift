/// A run that ended because its numbers would not stay finite.
public struct DivergenceError: Error, CustomStringConvertible, Sendable {
  /// The window, from 1.
  public let window: Int
  /// What was not finite, and where.
  public let divergence: Divergence
  /// The hyperparameters with which it happened.
  public let hyperparameters: Hyperparameters
  /// The retreats made before.
  public let retreats: Int
  /// Why there was no other attempt.
  public let reason: Reason

  /// Why a run gives up.
  public enum Reason: Equatable, Sendable {
    /// The policy is to stop at once.
    case policy
    /// As many retreats as are allowed have been made.
    case retreatsUsedUp
    /// The learning rate is as small as it may become.
    case learningRateAtItsEnd
  }

  /// What happened, with the offending values, and what to do.
  public var description: String {
    // The sign of a NaN says nothing to a reader.
    let loss = divergence.loss.isNaN ? "nan" : "\(divergence.loss)"
    let values = hyperparameters.optimizer.map { "\($0.columnName) \($0.value)" }
    return
      "Training diverged in window \(window): \(divergence.clause) (loss \(loss); "
      + "\(values.joined(separator: ", "))). \(explanation)"
  }

  private var explanation: String {
    switch reason {
    case .policy:
      "Start from a smaller learning rate, or let the divergence policy retreat."
    case .retreatsUsedUp:
      "\(retreats) retreats with smaller learning rates did not help: start from a smaller "
        + "learning rate, or allow more retreats."
    case .learningRateAtItsEnd:
      "The learning rate may not become smaller"
        + (hyperparameters[.learningRate].map { " than \($0.limits.lowerBound)" } ?? "")
        + ": lower its minimum if it has one, or look at the data and the other hyperparameters."
    }
  }
}
