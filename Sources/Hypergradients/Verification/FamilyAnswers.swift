import DynamicModes

/// Every estimator's answer for one family's trajectory.
public struct FamilyAnswers: Equatable, Sendable {
  /// The answer of one estimator.
  public struct Answer: Equatable, Sendable {
    /// The estimate a run would use, `[q]`: the estimator's own, or the tail mean if that is not
    /// trusted.
    public let estimate: [Double]
    /// The estimator's own estimate, if finite.
    public let own: [Double]?
    /// The name of the reason why its own estimate is missing or not trusted; nil if it is used.
    public let fallback: String?
  }

  /// The answers; empty if the trajectory is not finite.
  public let answers: [Estimator: Answer]

  /// Runs every estimator.
  ///
  /// - Parameters:
  ///   - trajectory: h_t in row t, `[σ, q]` row-major.
  ///   - count: q.
  ///   - settings: of the modes.
  ///   - horizon: the number of inner steps from the window's end to where the truth is taken.
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
