import DynamicModes
import Hypergradients
import Presentation

/// Whether the run's own settings reproduce its recorded estimates.
struct OwnSettings {
  private var compared = 0
  private var equal = 0
  /// The largest relative distance between a replayed and a recorded estimate.
  private var farthest = 0.0

  /// Compares the estimates of a window with the recorded ones; a window without any does not
  /// count.
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

  /// A line for a terminal, and a second one if bits differ.
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
