import DynamicModes

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
  public var shrink: Double
  /// A validation loss after a window above this many times the untrained network's is a divergence
  /// too, at least 1; nil: only a number that is not finite.
  ///
  /// Training that has blown up without overflowing is worse than none, and what it has broken costs
  /// more than the window. When the retreats are used up, such a loss is accepted. Not from the paper.
  public var rise: Double?

  /// Settings with the defaults of the design.
  public init(
    policy: DivergencePolicy = .retreat, retreats: Int = 5, shrink: Double = 0.5,
    rise: Double? = nil
  ) {
    self.policy = policy
    self.retreats = retreats
    self.shrink = shrink
    self.rise = rise
  }

  /// What is wrong with a setting, or nil.
  public var complaint: Complaint<Self>? {
    if let rise, !Self.legalRises.contains(rise) {
      return Complaint(
        [\.rise],
        "the rise over the untrained network's loss is \(rise): it must be \(Self.legalRises).")
    }
    return Self.legalRetreats.complaint(\.retreats, of: self, "the number of retreats")
      ?? Self.legalShrinks.complaint(
        \.shrink, of: self, "what a retreat multiplies the learning rate by")
  }

  /// What is legal for `retreats`.
  public static let legalRetreats = LegalRange.from(0, to: 1000)
  /// What is legal for `shrink`.
  public static let legalShrinks = LegalRange.above(0.0, below: 1)
  /// What is legal for `rise`.
  public static let legalRises = LegalRange.from(1.0, to: 1_000_000)
}
