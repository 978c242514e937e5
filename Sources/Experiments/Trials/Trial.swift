/// One training among several that are held against each other.
public struct Trial: Equatable, Sendable {
  /// Its number, from 1: what it is called, and what decides between equals.
  public let number: Int
  /// The method, or what the user calls its settings.
  public let name: String
  /// Everything that decides its numbers.
  public let configuration: Configuration

  /// A trial.
  public init(number: Int, name: String, configuration: Configuration) {
    self.number = number
    self.name = name
    self.configuration = configuration
  }

  /// Where its optimizer's hyperparameters start, in the order of their columns.
  var start: [(name: String, value: Double)] {
    configuration.hyperparameterNames.map {
      ($0.rawValue, configuration.hyperparameters[$0].value)
    }
  }

  /// What it is and where it starts, in a few words.
  var title: String {
    let values = start.map { "\($0.name) \(Progress.brief($0.value))" }.joined(separator: ", ")
    return "trial \(number) (\(name), \(values), seed \(configuration.seed))"
  }
}

/// How good a trial is after a window, as the validation set sees it.
struct TrialScore: Equatable, Sendable {
  var loss: Double
  var accuracy: Double

  /// What trials are ranked by.
  enum Criterion: String, CaseIterable, Sendable {
    case loss = "validation-loss"
    case accuracy = "validation-accuracy"
  }

  /// Smaller is better; never NaN.
  func badness(_ criterion: Criterion) -> Double {
    let number = criterion == .loss ? loss : -accuracy
    return number.isNaN ? .infinity : number
  }
}

/// What is known of a trial so far.
struct TrialRecord: Equatable {
  /// The windows trained.
  var window = 0
  /// The score after each of them.
  var scores: [Int: TrialScore] = [:]
  /// The content of its `summary.json` once it has come to its end.
  var summary: JSONValue?
  /// Why it was given up, in a sentence.
  var failure: String?
  /// Seconds of training, on however many ranks.
  var seconds = 0.0

  /// The score after its last window.
  var lastScore: TrialScore? { scores[window] }
}
