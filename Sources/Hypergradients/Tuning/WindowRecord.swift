import DynamicModes

/// The results of one window; with `global-restart`, of one complete training.
public struct WindowRecord: Equatable, Sendable {
  /// The window's number, from 1.
  public var window: Int
  /// Its inner steps, counted from 1 since the start of the training.
  public var steps: ClosedRange<Int>
  /// The mean training loss over its minibatches.
  public var trainingLoss: Double
  /// Loss and accuracy on the validation set after its last step.
  public var validation: Evaluation
  /// The hyperparameters it was trained with, after any retreats.
  public var before: Hyperparameters
  /// The schedule that scaled the learning rate of each step.
  public var schedule: RateSchedule
  /// The hyperparameters after the update.
  public var after: Hyperparameters
  /// The steps after which h was taken, with the validation results there; one per row of
  /// `hypergradients`.
  ///
  /// With `global` the single step is T, at the end of the playout.
  public var observations: [Stretch.Observation]
  /// h, `[observations, q]` row-major, along the columns where those are not φ's own; empty except
  /// on the root rank.
  public var hypergradients: [Double] = []
  /// Every estimator's estimate and the one that was used; nil except on the root rank, and in
  /// windows without an update.
  public var estimate: LimitEstimate?
  /// The columns of φ that the update took beyond their limits and that were projected back; empty
  /// except on the root rank.
  public var projected: [String] = []
  /// The failed attempts before the recorded one.
  public var retreats: [Retreat] = []
  /// The time spent in each phase, retreats included.
  public var seconds: PhaseSeconds
}

/// A return to the start of a window after a divergence.
public struct Retreat: Equatable, Sendable {
  /// What diverged.
  public var divergence: Divergence
  /// The learning rate at the divergence.
  public var learningRateBefore: Double
  /// The learning rate of the next attempt.
  public var learningRateAfter: Double

  /// Creates a retreat.
  public init(divergence: Divergence, learningRateBefore: Double, learningRateAfter: Double) {
    self.divergence = divergence
    self.learningRateBefore = learningRateBefore
    self.learningRateAfter = learningRateAfter
  }
}
