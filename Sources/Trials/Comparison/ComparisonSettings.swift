/// What a comparison holds against what.
package struct ComparisonSettings: Equatable, Sendable {
  /// As `NamedMethod` reads them, and the baselines of ``Baseline``.
  package var methods = "none,local,paper,tail-mean,default,best-constant,best-cosine,random-search"
  /// Every method is trained with each of them; none: with the configuration's.
  package var seeds: [UInt64] = []
  /// `NAME=VALUE,VALUE`: everything is repeated from each of these starts.
  package var starts: [String] = []
  /// The learning rates from which the best constant and the best cosine are chosen.
  package var sweep: [Double] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
  /// What random search draws from, `NAME=LOW:HIGH`; none: learning rates from 0.001 to 0.3.
  package var ranges: [String] = []
  /// The method whose cost is what all others may spend at equal compute; nil: `default`, or else the
  /// first that tunes.
  package var reference: String?
  /// What methods have alike: both tables, or one of them.
  package var budgets = Budget.allCases
  /// η of random search.
  package var eta = 3

  /// A comparison with the defaults.
  package init() {}
}

/// What tuning has to beat: trainings without it, chosen among many on the validation set.
enum Baseline: String, CaseIterable, Sendable {
  /// The best constant learning rate of a sweep.
  case bestConstant = "best-constant"
  /// The best learning rate of a sweep to begin a cosine with.
  case bestCosine = "best-cosine"
  /// Random search with successive halving; at equal compute alone.
  case randomSearch = "random-search"

  /// The baseline's schedule of the learning rate.
  var schedule: String { self == .bestCosine ? "cosine" : "constant" }
}

/// What all methods have alike in a table.
package enum Budget: String, CaseIterable, Sendable {
  /// The steps of a training, whatever they cost.
  case steps
  /// The passes over a minibatch that the reference costs.
  case compute
}
