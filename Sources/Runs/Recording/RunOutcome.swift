import Hypergradients
import Tensors

/// What a run came to.
package struct RunOutcome {
  package let validation: Evaluation
  package let test: Evaluation
  package let hyperparameters: Hyperparameters
  package let retreats: Int
  /// The windows trained, and the inner steps of the last training.
  package let windows: Int
  package let steps: Int
  /// The window with the lowest validation loss.
  package let best: BestOutcome?
  /// Whether the patience ran out before the training ended.
  package let endedEarly: Bool
  package let tuningSeconds: Double
  /// What tuning took on every rank.
  package let rankSeconds: RankSeconds
  package let baseline: BaselineOutcome?
}

/// What training without tuning came to.
package enum BaselineOutcome {
  case trained(Evaluation)
  case diverged(String)
}
