import DynamicModes
import Hypergradients
import Settings

/// The results of verifying some runs; on the root only.
struct Verification {
  let preset: String
  let configuration: Configuration
  let settings: VerificationSettings
  /// The names of φ's entries, `[q]`.
  let names: [String]
  let decays: [Carry]
  let runs: [VerifiedRun]
  /// One per family and estimator.
  let scores: [EstimatorScore]

  init(
    preset: String, configuration: Configuration, settings: VerificationSettings,
    names: [String], decays: [Carry], runs: [VerifiedRun]
  ) {
    self.preset = preset
    self.configuration = configuration
    self.settings = settings
    self.names = names
    self.decays = decays
    self.runs = runs
    scores = decays.enumerated().flatMap { family, decay in
      Estimator.allCases.map {
        EstimatorScore(of: $0, family: family, decay: decay, count: names.count, runs: runs)
      }
    }
  }

  /// All windows with their seeds.
  var windows: [(seed: UInt64, window: VerifiedWindow)] {
    runs.flatMap { run in run.windows.map { (run.seed, $0) } }
  }

  /// The number of entries of the truth with a significant sign, and of all entries; nil if the
  /// noise is unknown.
  var clearSigns: (clear: Int, all: Int)? {
    let answers = windows.compactMap(\.window.truth).flatMap { truth in
      truth.mean.indices.map { truth.isClear($0) }
    }
    guard answers.contains(where: { $0 != nil }) else { return nil }
    return (answers.count { $0 == true }, answers.count)
  }
}
