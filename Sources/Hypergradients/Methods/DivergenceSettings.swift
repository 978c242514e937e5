import DynamicModes

/// What to do if a loss or a hypergradient is not finite.
public enum DivergencePolicy: String, CaseIterable, Sendable {
  /// Go back to the window's start with a smaller learning rate, a limited number of times.
  case retreat
  /// End the run immediately.
  case stop
}

/// When a window counts as diverged, and what to do then.
public struct DivergenceSettings: Equatable, Sendable {
  /// Whether to retreat or to end the run.
  public var policy: DivergencePolicy
  /// The maximum number of retreats in a run, at least 0.
  public var retreats: Int
  /// The factor that a retreat multiplies the learning rate by, in (0, 1).
  ///
  /// Not from the paper.
  public var shrink: Double
  /// A validation loss after a window above this multiple of the untrained network's also counts as
  /// a divergence, at least 1; nil: only non-finite numbers count.
  ///
  /// Training that has blown up without overflowing is worse than no training, and repairing the
  /// damage costs more than the window. Once the retreats are used up, such a loss is accepted. Not
  /// from the paper.
  public var rise: Double?

  /// Creates settings with the defaults of the design.
  public init(
    policy: DivergencePolicy = .retreat, retreats: Int = 5, shrink: Double = 0.5,
    rise: Double? = nil
  ) {
    self.policy = policy
    self.retreats = retreats
    self.shrink = shrink
    self.rise = rise
  }

  /// The first invalid setting, or nil.
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

  /// The legal range of `retreats`.
  public static let legalRetreats = LegalRange.from(0, to: 1000)
  /// The legal range of `shrink`.
  public static let legalShrinks = LegalRange.above(0.0, below: 1)
  /// The legal range of `rise`.
  public static let legalRises = LegalRange.from(1.0, to: 1_000_000)
}
