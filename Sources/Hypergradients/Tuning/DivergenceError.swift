/// Ends a run whose numbers do not stay finite.
public struct DivergenceError: Error, CustomStringConvertible, Sendable {
  /// The window's number, from 1.
  public let window: Int
  /// What was not finite, and where.
  public let divergence: Divergence
  /// The hyperparameters at the divergence.
  public let hyperparameters: Hyperparameters
  /// The number of retreats before it.
  public let retreats: Int
  /// Why there is no further attempt.
  public let reason: Reason

  /// Why a run gives up.
  public enum Reason: Equatable, Sendable {
    /// The policy is to stop immediately.
    case policy
    /// The maximum number of retreats has been reached.
    case retreatsUsedUp
    /// The learning rate cannot be reduced further.
    case learningRateAtItsEnd
  }

  /// What happened, with the offending values and a remedy.
  public var description: String {
    // The sign of a NaN would mean nothing to a reader.
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
