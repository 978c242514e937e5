import DynamicModes
import Hypergradients
import Presentation
import Storage

/// How one estimator does on one family of columns, over all windows and seeds.
struct EstimatorScore {
  /// What is counted of a hyperparameter's signs.
  struct Signs: Equatable {
    var right = 0
    var count = 0

    /// The share of right ones; nil of none.
    var share: Double? { count > 0 ? Double(right) / Double(count) : nil }

    mutating func count(_ isRight: Bool) {
      count += 1
      if isRight { right += 1 }
    }
  }

  let decay: Carry
  let estimator: Estimator
  /// Windows with a truth and an answer.
  private(set) var samples = 0
  /// Windows with a truth, but a trajectory that is not finite.
  private(set) var unanswered = 0
  /// Answers that are the tail mean's for a reason.
  private(set) var fallbacks = 0
  private(set) var cosine: Spread?
  /// The share of right signs in a window.
  private(set) var signShare: Spread?
  private(set) var relativeError: Spread?
  /// Each hyperparameter's, `[q]`.
  private(set) var signs: [Signs]
  /// All hyperparameters', without those whose true sign is lost in its own noise.
  private(set) var clearSigns = Signs()
  /// The means of cosine and sign share in each seed's windows; nil where there are none.
  private(set) var bySeed: [(seed: UInt64, cosine: Double?, signShare: Double?)] = []

  /// The score over some runs.
  ///
  /// - Parameter family: the place of the family in every window.
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
  /// For a table.
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
  /// Why it ended early.
  var failure: String?
}
