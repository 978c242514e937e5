import DynamicModes

/// What every estimator makes of one family's trajectory.
public struct FamilyAnswers: Equatable, Sendable {
  /// One estimator's.
  public struct Answer: Equatable, Sendable {
    /// What a run would go by, `[q]`: the estimator's own, or the tail mean where it is not trusted.
    public let estimate: [Double]
    /// Its own, where there is a finite one.
    public let own: [Double]?
    /// Why its own is missing or not trusted; the reason's name.
    public let fallback: String?
  }

  /// The answers; empty where the trajectory is not finite.
  public let answers: [Estimator: Answer]

  /// Asks every estimator.
  ///
  /// - Parameters:
  ///   - trajectory: h_t in row t, `[σ, q]` row-major.
  ///   - count: q.
  ///   - settings: of the modes.
  ///   - horizon: the inner steps from the window's end to where the truth is read.
  public init(
    trajectory: [Double], count: Int, settings: DynamicModeSettings, horizon: Int
  ) {
    let state = estimateSteadyState(
      trajectory: trajectory, steps: trajectory.count / count, hyperparameters: count,
      requested: .tailMean, settings: settings, horizon: horizon)
    guard let mean = state.estimate else {
      answers = [:]
      return
    }
    var answers: [Estimator: Answer] = [:]
    for estimator in Estimator.allCases {
      let (own, reason) = (state.estimates[estimator], state.reasons[estimator])
      answers[estimator] = Answer(
        estimate: reason == nil ? own ?? mean : mean, own: own, fallback: reason?.name)
    }
    self.answers = answers
  }
}
