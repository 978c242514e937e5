/// What to do when a loss or a hypergradient is not finite.
public enum DivergencePolicy: String, CaseIterable, Sendable {
  /// Back to the window's start with a smaller learning rate, a limited number of times.
  case retreat
  /// End the run at once.
  case stop
}

/// When a window has diverged, and what to do then.
public struct DivergenceSettings: Equatable, Sendable {
  /// Go back and try again, or end the run.
  public var policy: DivergencePolicy
  /// How many retreats a run may make in all, at least 0.
  public var retreats: Int
  /// What a retreat multiplies the learning rate's value by, in (0, 1).
  ///
  /// Not from the paper.
  public var factor: Double
  /// A validation loss after a window above this many times the untrained network's is a divergence
  /// too, at least 1; nil: only a number that is not finite.
  ///
  /// Training that has blown up without overflowing is worse than none, and what it has broken costs
  /// more than the window. When the retreats are used up, such a loss is put up with. Not from the paper.
  public var rise: Double?

  /// Settings with the defaults of the design.
  public init(
    policy: DivergencePolicy = .retreat, retreats: Int = 5, factor: Double = 0.5,
    rise: Double? = nil
  ) {
    self.policy = policy
    self.retreats = retreats
    self.factor = factor
    self.rise = rise
  }

  /// Says which setting is out of range, or nil.
  public var problem: String? {
    if retreats < 0 { return "\(retreats) retreats: allow 0 or more." }
    if let rise, !(rise >= 1) {
      return "A rise of \(rise) times the untrained network's loss: choose at least 1."
    }
    if !(factor > 0 && factor < 1) {
      return "A retreat multiplies the learning rate by \(factor): choose a factor in (0, 1)."
    }
    return nil
  }
}
