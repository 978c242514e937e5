import Tensors

/// All that a run must not lose between two windows.
///
/// Minibatches are a function of the step, so nothing random is in here. Copies share θ and the
/// other jets: to keep one, copy their numbers. The columns matter between windows only where they
/// are carried on, or in the middle of a playout of `truncated-global`.
public struct TuningState<Number: Scalar> {
  /// θ, the inner optimizer's numbers, their columns, and the inner steps taken.
  public var training: TrainingState<Number>
  /// φ and the fixed hyperparameters, which a retreat may have changed as well.
  public var hyperparameters: Hyperparameters
  /// The outer optimizer's moments, `[q]`.
  public var outer: OuterState
  /// The windows completed (with `global-restart`, the trainings).
  public var window = 0
  /// The window with the lowest validation loss so far; nil before the first.
  public internal(set) var best: BestWindow<Number>?
  /// The retreats made so far.
  public var retreats = 0
  /// Those of them that belong to the window under way.
  public var pendingRetreats: [Retreat] = []

  init(training: TrainingState<Number>, hyperparameters: Hyperparameters) {
    self.training = training
    self.hyperparameters = hyperparameters
    outer = OuterState(count: hyperparameters.count)
  }
}
