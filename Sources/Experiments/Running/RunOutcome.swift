import Hypergradients
import Tensors

/// Where a run starts: θ₀ and φ.
struct StartingPoint<Number: Scalar> {
  let parameters: [Number]
  let hyperparameters: Hyperparameters
}

/// What a run came to.
struct RunOutcome {
  let validation: Evaluation
  let test: Evaluation
  let hyperparameters: Hyperparameters
  let retreats: Int
  /// The windows trained, and the inner steps of the last training.
  let windows: Int
  let steps: Int
  /// The window with the lowest validation loss.
  let best: BestOutcome?
  /// Whether the patience came to its end before the training did.
  let endedEarly: Bool
  let tuningSeconds: Double
  /// What tuning took on every rank.
  let rankSeconds: RankSeconds
  let baseline: BaselineOutcome?
}

/// What training without tuning came to.
enum BaselineOutcome {
  case trained(Evaluation)
  case diverged(String)
}
