import Hypergradients

/// The amount of training in a verification, and how much is done, for the time left.
///
/// In passes over a minibatch, without validation gradients.
struct VerificationWork {
  private let hyperparameters: Double
  private let families: Double
  /// The work of one run.
  private let all: Double
  private let runs: Int
  private var before = 0.0
  private var under = 0.0

  /// The work of some runs.
  ///
  /// - Parameters:
  ///   - count: q.
  ///   - families: the number of families of columns.
  init(
    _ settings: VerificationSettings, _ tuning: TuningSettings, count: Int, families: Int, runs: Int
  ) {
    (hyperparameters, self.families) = (Double(count), Double(families))
    self.runs = runs
    let differences = 2 * min(3, count)
    func passes(_ kind: VerifierActivity.Kind, _ steps: Int) -> Double {
      Self.passes(kind, Double(count), Double(families)) * Double(max(0, steps))
    }
    let run = min(tuning.steps, (settings.windows.last ?? 0) * tuning.window)
    all = settings.windows.enumerated().reduce(passes(.run, run)) { sum, entry in
      let end = settings.end(ofWindow: entry.element, tuning)
      let start = (entry.element - 1) * tuning.window
      var more = passes(.truth, end - start - tuning.window)
      if entry.offset < settings.differences {
        more += Double(differences) * passes(.difference(1, of: differences), end - start)
      }
      return sum + more
    }
  }

  /// The completed fraction of all runs, 0 … 1.
  var share: Double { min(1, (before + under) / max(1, Double(runs) * all)) }

  /// Registers that a training has reached a step.
  mutating func reach(_ step: Int, of activity: VerifierActivity) {
    under = Double(step) * Self.passes(activity.kind, hyperparameters, families)
  }

  /// Registers the end of a training.
  mutating func finish(_ activity: VerifierActivity) {
    reach(activity.steps, of: activity)
    before += under
    under = 0
  }

  /// Registers the number of ended runs, whether completed or not.
  mutating func finish(runs: Int) { (before, under) = (Double(runs) * all, 0) }

  private static func passes(
    _ kind: VerifierActivity.Kind, _ count: Double, _ families: Double
  ) -> Double {
    switch kind {
    case .run: 1 + 2 * count * families
    case .truth: 1 + 2 * count
    case .difference: 1
    }
  }
}
