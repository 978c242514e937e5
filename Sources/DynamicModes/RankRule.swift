/// The truncation rule: how many singular values of the Hankel matrix are kept.
///
/// Not from the paper.
public enum RankRule: Equatable, Sendable {
  /// All numerically non-zero values.
  case full
  /// At most this many, at least 1.
  case fixed(Int)
  /// The smallest number whose squares sum to this fraction, in (0, 1], of all squares.
  case energy(Double)
  /// Gavish and Donoho's optimal hard threshold for unknown noise (arXiv 1305.5870).
  case hardThreshold
}
