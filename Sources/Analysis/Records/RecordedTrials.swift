import Foundation
import Runs
import Settings
import Storage

/// A search or a comparison as recorded in its folder, whether finished or not.
struct RecordedTrials {
  /// The recorded results of a trial.
  struct RecordedTrial {
    /// The score after each window trained.
    var scores: [Int: TrialScore] = [:]
    /// `summary.json`; nil if the trial has not finished.
    var summary: JSONValue?
    /// Why it failed.
    var failure: String?

    /// The number of windows trained.
    var window: Int { scores.keys.max() ?? 0 }
    /// The test accuracy of a finished trial.
    var testAccuracy: Double? { summary?["test_accuracy"]?.double }
  }

  /// The folder, as the user would write it.
  let path: String
  let origin: RecordedOrigin
  let plan: TrialPlan
  /// One per trial of the plan.
  let progress: [RecordedTrial]
  /// The generations of a population so far; empty for other strategies.
  let generations: [Generation]
  /// `summary.json`; nil while it is in progress.
  let summary: JSONValue?
  /// `compare.json`; nil for a search, and while the comparison is in progress.
  let comparison: JSONValue?

  /// `search` or `compare`.
  var command: String { origin.command ?? summary?["command"]?.string ?? "search" }

  /// Reads a folder.
  ///
  /// - Throws: `RecordError` for damaged files, `FileError`, `ConfigurationError`.
  init(path: String) throws {
    self.path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
    origin = RecordedOrigin(of: path)
    plan = try TrialPlan(recorded: TrialFolder.planFile(of: self.path))
    let folder = self.path
    generations = plan.isPopulation ? try PopulationFile.read(in: folder, plan) : []
    progress = try plan.trials.map {
      try Self.progress(of: TrialFolder.place(ofTrial: $0.number, in: folder))
    }
    summary = try Self.document(RunFolder(known: folder).path(of: .summary))
    comparison = try Self.document("\(folder)/compare.json")
  }

  /// The progress of a trial.
  func status(of trial: Int) -> TrialStatus {
    if progress[trial].failure != nil { return .failed }
    return progress[trial].summary == nil ? .left : .finished
  }

  /// Indices of the finished trials, best first.
  var finished: [Int] {
    let badness = progress.map {
      $0.scores[$0.window]?.badness(plan.criterion) ?? .infinity
    }
    return plan.trials.indices.filter { status(of: $0) == .finished }.sorted {
      (badness[$0], $0) < (badness[$1], $1)
    }
  }

  private static func progress(of folder: RunFolder) throws -> RecordedTrial {
    var progress = RecordedTrial()
    if let path = existing(folder.path(of: .windows)) {
      var reader = try WindowReader(path: path, cutEnd: .left)
      while let window = try reader.nextWindow() {
        progress.scores[window.window] = TrialScore(
          loss: window.validationLoss, accuracy: window.validationAccuracy)
      }
    }
    progress.summary = try document(folder.path(of: .summary))
    progress.failure = try document("\(folder.path)/\(TrialFolder.failureName)")?["reason"]?.string
    return progress
  }

  private static func document(_ path: String) throws -> JSONValue? {
    try existing(path).map(JSONFile.document)
  }

  private static func existing(_ path: String) -> String? {
    FileManager.default.fileExists(atPath: path) ? path : nil
  }
}

extension TrialPlan {
  /// Reads a plan from a file.
  ///
  /// - Throws: `RecordError` if it is not a plan, `FileError`.
  init(recorded path: String) throws {
    let json = try JSONFile.document(path)
    func damaged(_ what: String) -> RecordError {
      RecordError(path, "\(what). Take a copy of it that is not damaged.")
    }
    var trials: [Trial] = []
    for entry in json["trials"]?.array ?? [] {
      guard entry["trial"]?.int == trials.count + 1, let name = entry["name"]?.string,
        let yaml = entry["configuration"]?.string
      else { throw damaged("does not tell of trial \(trials.count + 1)") }
      var reader = ConfigurationReader(over: Configuration())
      do throws(ConfigurationError) {
        try reader.read(yaml: yaml, name: "trial \(trials.count + 1)")
        trials.append(
          Trial(number: trials.count + 1, name: name, configuration: try reader.checked()))
      } catch {
        throw damaged("has a configuration that cannot be used (\(error))")
      }
    }
    var brackets: [Bracket] = []
    for entry in json["brackets"]?.array ?? [] {
      let numbers = (entry["trials"]?.array ?? []).compactMap(\.int)
      let rungs = (entry["rungs"]?.array ?? []).compactMap(\.int)
      guard let eta = entry["eta"]?.int, eta >= 1, !rungs.isEmpty, rungs[0] >= 1,
        zip(rungs, rungs.dropFirst()).allSatisfy(<),
        numbers.allSatisfy({ trials.indices.contains($0 - 1) })
      else { throw damaged("has rungs that do not ascend, or trials that are not there") }
      brackets.append(Bracket(trials: numbers.map { $0 - 1 }, rungs: rungs, eta: eta))
    }
    guard !trials.isEmpty, !brackets.isEmpty else { throw damaged("has no trials") }
    let criterion = json["criterion"]?.string.flatMap(TrialScore.Criterion.init(rawValue:))
    self.init(
      trials: trials, brackets: brackets, criterion: criterion ?? .loss,
      isPopulation: Self.isPopulation(json))
  }
}
