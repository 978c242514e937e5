import Storage

/// What has become of an order to train.
package struct TrialReport: Equatable {
  /// How far the trial has come.
  var window: Int
  /// Lines of `windows.jsonl`, one for each window trained.
  package var windows: [JSONValue] = []
  /// The trial's checkpoint.
  var state: [UInt8] = []
  /// The content of `summary.json`, when it has finished.
  package var summary: JSONValue?
  /// Why it was given up.
  package var failure: String?
  /// Whether it was left because the job is to stop.
  var isInterrupted = false
  /// Seconds that the group has spent on the order, taking the trial over included.
  var seconds = 0.0
  /// Seconds of training that the trial has taken in all groups together.
  var elapsed = 0.0

  package init(window: Int) { self.window = window }
}
