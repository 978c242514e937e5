import DynamicModes
import Hypergradients

// The order in which results are shown, and which of them is the run's own.
extension Verification {
  /// All scores by descending fraction of correct signs: of the significant entries, then of all,
  /// then by cosine.
  var ranking: [EstimatorScore] {
    scores.enumerated().sorted { one, other in
      for (left, right) in zip(Self.worth(one.element), Self.worth(other.element))
      where left != right {
        return left > right
      }
      return one.offset < other.offset
    }.map(\.element)
  }

  private static func worth(_ score: EstimatorScore) -> [Double] {
    [score.clearSigns.share, score.signShare?.mean, score.cosine?.mean].map { $0 ?? -2 }
  }

  /// Whether a score is that of the configured estimator and carry.
  func isOwn(_ score: EstimatorScore) -> Bool {
    let estimator = configuration.method == .local ? .last : configuration.estimator
    return score.estimator == estimator && score.decay == configuration.window.carry
  }
}
