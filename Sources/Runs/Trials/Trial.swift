import Presentation
import Settings
import Storage

/// One training among several that are compared.
package struct Trial: Equatable, Sendable {
  /// Its number, from 1: what it is called, and what decides between equals.
  package let number: Int
  /// The method, or what the user calls its settings.
  package let name: String
  /// Everything that decides its numbers.
  package let configuration: Configuration

  /// A trial.
  package init(number: Int, name: String, configuration: Configuration) {
    self.number = number
    self.name = name
    self.configuration = configuration
  }

  /// Where its optimizer's hyperparameters start, in the order of their columns.
  package var start: [(name: String, value: Double)] {
    configuration.hyperparameterNames.map {
      ($0.rawValue, configuration.hyperparameters[$0].value)
    }
  }

  /// What it is and where it starts, in a few words.
  package var title: String {
    let values = start.map { "\($0.name) \(NumberText.brief($0.value))" }.joined(separator: ", ")
    return "trial \(number) (\(name), \(values), seed \(configuration.seed))"
  }
}

/// How good a trial is after a window, as the validation set sees it.
package struct TrialScore: Equatable, Sendable {
  package var loss: Double
  package var accuracy: Double

  package init(loss: Double, accuracy: Double) {
    self.loss = loss
    self.accuracy = accuracy
  }

  /// What trials are ranked by.
  package enum Criterion: String, CaseIterable, Sendable {
    case loss = "validation-loss"
    case accuracy = "validation-accuracy"
  }

  /// Smaller is better; never NaN.
  package func badness(_ criterion: Criterion) -> Double {
    let number = criterion == .loss ? loss : -accuracy
    return number.isNaN ? .infinity : number
  }
}

/// What is known of a trial so far.
package struct TrialRecord: Equatable {
  /// The windows trained.
  package var window = 0
  /// The score after each of them.
  package var scores: [Int: TrialScore] = [:]
  /// The content of its `summary.json` once it has finished.
  package var summary: JSONValue?
  /// Why it was given up, in a sentence.
  package var failure: String?
  /// Seconds of training, on however many ranks.
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

/// How far a trial has come.
package enum TrialStatus: String {
  case finished
  /// Left early, for others were better.
  case left
  case failed
}
