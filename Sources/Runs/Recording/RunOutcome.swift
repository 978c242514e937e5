import Hypergradients
import Tensors

/// The results of a run.
package struct RunOutcome {
  package let validation: Evaluation
  package let test: Evaluation
  package let hyperparameters: Hyperparameters
  package let retreats: Int
  /// The number of windows trained, and of inner steps in the last training.
  package let windows: Int
  package let steps: Int
  /// The window with the lowest validation loss.
  package let best: BestOutcome?
  /// Whether early stopping ended the training.
  package let endedEarly: Bool
  package let tuningSeconds: Double
  /// The tuning time on every rank.
  package let rankSeconds: RankSeconds
  package let baseline: BaselineOutcome?
}

/// The results of training without tuning.
package enum BaselineOutcome {
  case trained(Evaluation)
  case diverged(String)
}
