/// How many singular values of the Hankel matrix are kept.
///
/// Not from the paper.
public enum RankRule: Equatable, Sendable {
  /// All that are numerically non-zero.
  case full
  /// At most this many, at least 1.
  case fixed(Int)
  /// The fewest whose squares sum to this share, in (0, 1], of all squares.
  case energy(Double)
  /// Gavish and Donoho's optimal hard threshold for unknown noise (arXiv 1305.5870).
  case hardThreshold
}

/// Which modes are used: Φ = U W (projected) or Φ = Y V Σ⁻¹ W Λ⁻¹ (exact).
///
/// Both as in Tu et al. (2014).
public enum ModeKind: String, CaseIterable, Sendable {
  case projected, exact
}

/// What the amplitudes b are fitted to: all snapshots (least squares) or the first one alone.
public enum AmplitudeFit: String, CaseIterable, Sendable {
  case all, first
}
