import Presentation
import Settings
import Storage

/// One of several trainings that are compared.
package struct Trial: Equatable, Sendable {
  /// The trial's number, from 1, which names it and breaks ties.
  package let number: Int
  /// The method, or the user's name for its settings.
  package let name: String
  /// Everything that determines its results.
  package let configuration: Configuration

  /// Creates a trial.
  package init(number: Int, name: String, configuration: Configuration) {
    self.number = number
    self.name = name
    self.configuration = configuration
  }

  /// The starting values of its optimizer's hyperparameters, in column order.
  package var start: [(name: String, value: Double)] {
    configuration.hyperparameterNames.map {
      ($0.rawValue, configuration.hyperparameters[$0].value)
    }
  }

  /// Its name and its starting values, in a few words.
  package var title: String {
    let values = start.map { "\($0.name) \(NumberText.brief($0.value))" }.joined(separator: ", ")
    return "trial \(number) (\(name), \(values), seed \(configuration.seed))"
  }
}

/// A trial's validation results after a window.
package struct TrialScore: Equatable, Sendable {
  package var loss: Double
  package var accuracy: Double

  package init(loss: Double, accuracy: Double) {
    self.loss = loss
    self.accuracy = accuracy
  }

  /// The criterion that trials are ranked by.
  package enum Criterion: String, CaseIterable, Sendable {
    case loss = "validation-loss"
    case accuracy = "validation-accuracy"
  }

  /// The value to rank by: smaller is better; never NaN.
  package func badness(_ criterion: Criterion) -> Double {
    let number = criterion == .loss ? loss : -accuracy
    return number.isNaN ? .infinity : number
  }
}

/// The results of a trial so far.
package struct TrialRecord: Equatable {
  /// The number of windows trained.
  package var window = 0
  /// The score after each window.
  package var scores: [Int: TrialScore] = [:]
  /// The content of its `summary.json` once it has finished.
  package var summary: JSONValue?
  /// Why it failed, in a sentence.
  package var failure: String?
  /// The seconds of training, on any number of ranks.
  package var seconds = 0.0

  package init(
    window: Int = 0, scores: [Int: TrialScore] = [:], summary: JSONValue? = nil,
    failure: String? = nil,
    seconds: Double = 0.0
  ) {
    self.window = window
    self.scores = scores
    self.summary = summary
    self.failure = failure
    self.seconds = seconds
  }

  /// The score after its last window.
  package var lastScore: TrialScore? { scores[window] }
}

/// The progress of a trial.
package enum TrialStatus: String {
  case finished
  /// Stopped early, because others were better.
  case left
  case failed
}
