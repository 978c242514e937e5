import Tensors

/// All state that a run must keep between two windows.
///
/// Minibatches are a function of the step, so there is no random state. Copies share θ and the
/// other jets; to save one, copy its numbers. The columns matter between windows only if they are
/// carried over, or in the middle of a playout of `truncated-global`.
public struct TuningState<Number: Scalar> {
  /// θ, the inner optimizer's state, their columns, and the number of inner steps taken.
  public var training: TrainingState<Number>
  /// φ and the fixed hyperparameters, which a retreat may also have changed.
  public var hyperparameters: Hyperparameters
  /// The outer optimizer's moments, `[q]`.
  public var outer: OuterState
  /// The number of completed windows (with `global-restart`, trainings).
  public var window = 0
  /// The window with the lowest validation loss so far; nil before the first.
  public internal(set) var best: BestWindow<Number>?
  /// The number of retreats so far.
  public var retreats = 0
  /// The retreats of the current window.
  public var pendingRetreats: [Retreat] = []

  init(training: TrainingState<Number>, hyperparameters: Hyperparameters) {
    self.training = training
    self.hyperparameters = hyperparameters
    outer = OuterState(count: hyperparameters.count)
  }
}
