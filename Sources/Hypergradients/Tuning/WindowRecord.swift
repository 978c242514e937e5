import DynamicModes

/// What happened in one window; with `global-restart`, in one whole training.
public struct WindowRecord: Equatable, Sendable {
  /// The window's number, from 1.
  public var window: Int
  /// Its inner steps, counted from 1 since the start of the training.
  public var steps: ClosedRange<Int>
  /// The mean loss of its minibatches.
  public var trainingLoss: Double
  /// Loss and accuracy on the validation set after its last step.
  public var validation: Evaluation
  /// The hyperparameters it was trained with, after its retreats.
  public var before: Hyperparameters
  /// What the learning rate of each of its steps was multiplied by.
  public var schedule: RateSchedule
  /// The hyperparameters after the update.
  public var after: Hyperparameters
  /// The steps after which h was taken, and the validation set then; one per row of
  /// `hypergradients`.
  ///
  /// With `global` the one step is T, at the end of the playout.
  public var observations: [Stretch.Observation]
  /// h, `[observations, q]` row-major, along the columns where those are not φ's own; on the
  /// root rank, empty on the others.
  public var hypergradients: [Double] = []
  /// Every estimator's answer and the one that was used; on the root rank, nil on the others and in
  /// windows without an update.
  public var estimate: LimitEstimate?
  /// The columns of φ that the update took beyond their limits, from where they went back; on the root
  /// rank, empty on the others.
  public var projected: [String] = []
  /// The attempts before the one that this record tells of.
  public var retreats: [Retreat] = []
  /// Where the time went, retreats included.
  public var seconds: PhaseSeconds
}

/// One way back to a window's start.
public struct Retreat: Equatable, Sendable {
  /// What was not finite.
  public var divergence: Divergence
  /// The learning rate with which it happened.
  public var learningRateBefore: Double
  /// The learning rate of the next attempt.
  public var learningRateAfter: Double

  /// A way back.
  public init(divergence: Divergence, learningRateBefore: Double, learningRateAfter: Double) {
    self.divergence = divergence
    self.learningRateBefore = learningRateBefore
    self.learningRateAfter = learningRateAfter
  }
}
