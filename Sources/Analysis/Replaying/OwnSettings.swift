import DynamicModes
import Hypergradients
import Presentation

/// Whether the run's own settings give its recorded estimates again.
struct OwnSettings {
  private var compared = 0
  private var equal = 0
  /// The largest relative distance between what should be the same.
  private var farthest = 0.0

  /// Holds the answers of a window against the recorded ones; a window without any does not count.
  mutating func compare(_ answers: [Estimator: [Double]], with record: RecordedWindow) {
    guard !record.estimates.isEmpty else { return }
    compared += 1
    if record.hasBits(of: answers) { equal += 1 }
    for (estimator, recorded) in record.estimates {
      guard let answer = answers[estimator], answer.count == recorded.count else { continue }
      if let distance = Agreement(of: answer, with: recorded).relativeError {
        farthest = max(farthest, distance)
      }
    }
  }

  /// A line for a terminal, and another one where bits differ.
  var lines: [String] {
    guard compared > 0 else { return [] }
    let line =
      "the run's own settings give the recorded estimates bit for bit in \(equal) of \(compared) "
      + "windows"
    guard equal < compared else { return [line] }
    return [
      line,
      "(the largest relative distance is \(NumberText.brief(farthest)); other processors and libraries "
        + "round otherwise)",
    ]
  }
}
