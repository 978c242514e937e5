import DynamicModes
import Hypergradients
import Presentation
import Storage

/// The results of one estimator on one family of columns, over all windows and seeds.
struct EstimatorScore {
  /// Counts of a hyperparameter's correct signs.
  struct Signs: Equatable {
    var right = 0
    var count = 0

    /// The fraction of correct signs; nil if there are none.
    var share: Double? { count > 0 ? Double(right) / Double(count) : nil }

    mutating func count(_ isRight: Bool) {
      count += 1
      if isRight { right += 1 }
    }
  }

  let decay: Carry
  let estimator: Estimator
  /// The number of windows with a truth and an estimate.
  private(set) var samples = 0
  /// The number of windows with a truth but a non-finite trajectory.
  private(set) var unanswered = 0
  /// The number of fallbacks to the tail mean.
  private(set) var fallbacks = 0
  private(set) var cosine: Spread?
  /// The fraction of correct signs per window.
  private(set) var signShare: Spread?
  private(set) var relativeError: Spread?
  /// The signs per hyperparameter, `[q]`.
  private(set) var signs: [Signs]
  /// The signs of all hyperparameters, except those whose true sign is not significant.
  private(set) var clearSigns = Signs()
  /// The mean cosine and sign fraction over each seed's windows; nil if there are none.
  private(set) var bySeed: [(seed: UInt64, cosine: Double?, signShare: Double?)] = []

  /// Computes the score over some runs.
  ///
  /// - Parameter family: the index of the family in every window.
  init(of estimator: Estimator, family: Int, decay: Carry, count: Int, runs: [VerifiedRun]) {
    (self.estimator, self.decay) = (estimator, decay)
    signs = Array(repeating: Signs(), count: count)
    var agreements: [Agreement] = []
    for run in runs {
      var own: [Agreement] = []
      for window in run.windows {
        guard let truth = window.truth else { continue }
        guard let answer = window.families[family].answers.answers[estimator] else {
          unanswered += 1
          continue
        }
        if answer.fallback != nil { fallbacks += 1 }
        let agreement = Agreement(of: answer.estimate, with: truth.mean)
        for (j, isRight) in agreement.signs.enumerated() {
          signs[j].count(isRight)
          if truth.isClear(j) == true { clearSigns.count(isRight) }
        }
        own.append(agreement)
      }
      bySeed.append((run.seed, Self.cosine(own)?.mean, Self.signShare(own)?.mean))
      agreements += own
    }
    samples = agreements.count
    cosine = Self.cosine(agreements)
    signShare = Self.signShare(agreements)
    relativeError = Spread(of: agreements.compactMap(\.relativeError))
  }

  private static func cosine(_ agreements: [Agreement]) -> Spread? {
    Spread(of: agreements.compactMap(\.cosine))
  }

  private static func signShare(_ agreements: [Agreement]) -> Spread? {
    Spread(of: agreements.map(\.signShare))
  }

  /// `reset` or `carry 0.9`.
  var familyName: String { decay.isReset ? "reset" : "carry \(decay.brief)" }
}

extension Carry {
  /// A short text for a table.
  var brief: String {
    switch self {
    case .decay(let decay): NumberText.brief(decay)
    case .remaining: description
    }
  }

  /// A number, or `remaining`.
  var json: JSONValue {
    switch self {
    case .decay(let decay): .number(decay)
    case .remaining: .string(description)
    }
  }
}

/// The windows of one run.
struct VerifiedRun {
  let seed: UInt64
  var windows: [VerifiedWindow] = []
  /// Why it ended early; nil if it did not.
  var failure: String?
}
