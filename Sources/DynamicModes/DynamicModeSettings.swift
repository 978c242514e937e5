/// Settings for estimating the limit of a trajectory of local hypergradients.
///
/// `stacks` is the paper's (m = 10, section 4). The other settings and their defaults are not from
/// the paper, which leaves them open.
public struct DynamicModeSettings: Equatable, Sendable {
  /// m: the number of consecutive hypergradients stacked in one Hankel column, at least 1 (paper:
  /// 10).
  public var stacks: Int
  /// How many singular values of the Hankel matrix are kept.
  public var rank: RankRule
  /// A mode with | |λ| − 1 | at most this is treated as λ = 1; in [0, 1).
  public var tolerance: Double
  /// Which modes are used.
  public var modes: ModeKind
  /// What the amplitudes are fitted to.
  public var amplitudes: AmplitudeFit
  /// The ridge of the affine fit, relative to the mean square of a direction; at least 0.
  public var ridge: Double
  /// The maximum condition number of a trusted eigenbasis (or of I − A of the affine map); > 1.
  ///
  /// On noisy trajectories the condition number stays below 10³; a drift, whose eigenvectors
  /// coincide, has about 5·10⁷ in double precision. The default lies in between.
  public var conditionLimit: Double
  /// The maximum distance of an estimate from the tail mean, in units of the largest ‖h_t‖; > 0.
  ///
  /// The limits of trajectories that converge within a few windows lie within 1 or 2; beyond a
  /// handful, an extrapolation mostly reflects noise, and would spoil the second moment of an outer
  /// Adam for a thousand windows.
  public var cap: Double
  /// The maximum number of POD directions in which the affine map is fitted, at least 1.
  public var affineDirections: Int

  /// Creates settings with the defaults of the design.
  public init(
    stacks: Int = 10, rank: RankRule = .energy(0.9999), tolerance: Double = 0.05,
    modes: ModeKind = .projected, amplitudes: AmplitudeFit = .all, ridge: Double = 1e-4,
    conditionLimit: Double = 1e6, cap: Double = 5, affineDirections: Int = 5
  ) {
    self.stacks = stacks
    self.rank = rank
    self.tolerance = tolerance
    self.modes = modes
    self.amplitudes = amplitudes
    self.ridge = ridge
    self.conditionLimit = conditionLimit
    self.cap = cap
    self.affineDirections = affineDirections
  }

  /// The minimum number of steps for computing modes: m + 2, which leaves two Hankel pairs.
  public var stepsNeeded: Int { stacks + 2 }

  /// What is wrong with these settings for windows with `observed` observed steps, or nil.
  ///
  /// - Parameter observed: σ, the number of local hypergradients taken from each window.
  public func complaint(observed: Int) -> Complaint<Self>? {
    if let complaint { return complaint }
    guard observed < stepsNeeded else { return nil }
    return Complaint(
      [\.stacks],
      "\(observed) observed steps are too few for \(stacks) stacks: observe at least "
        + "\(stepsNeeded) (stacks + 2), or stack fewer.")
  }

  /// What is wrong with a single setting, or nil.
  public var complaint: Complaint<Self>? {
    Self.legalStacks.complaint(\.stacks, of: self, "the number of stacks")
      ?? rank.complaint.map { Complaint([\.rank], $0) }
      ?? Self.legalTolerances.complaint(\.tolerance, of: self, "the tolerance")
      ?? Self.legalRidges.complaint(\.ridge, of: self, "the ridge")
      ?? Self.legalConditions.complaint(\.conditionLimit, of: self, "the condition limit")
      ?? Self.legalCaps.complaint(\.cap, of: self, "the cap")
      ?? Self.legalDirections.complaint(
        \.affineDirections, of: self, "the number of affine directions")
  }
}

// The legal range of each number.
extension DynamicModeSettings {
  /// The legal range of `stacks`.
  public static let legalStacks = LegalRange.from(1, to: 1_000_000)
  /// The legal range of `tolerance`.
  public static let legalTolerances = LegalRange.from(0.0, below: 1)
  /// The legal range of `ridge`.
  public static let legalRidges = LegalRange.from(0.0)
  /// The legal range of `conditionLimit`.
  public static let legalConditions = LegalRange.above(1.0)
  /// The legal range of `cap`.
  public static let legalCaps = LegalRange.above(0.0)
  /// The legal range of `affineDirections`.
  public static let legalDirections = LegalRange.from(1, to: 1000)
}
