/// Whether to start a run or resume one.
package enum StartRequest: Equatable, Sendable {
  /// Start a run in a folder that contains none.
  case new
  /// Resume the run in the folder.
  ///
  /// - `force`: even with a configuration that changes its results.
  case resume(force: Bool)
  /// Resume the run in the folder; start one if there is none.
  case resumeIfThere(force: Bool)
}

/// What to do in a run's folder.
enum StartDecision: Int64 {
  case new
  case resumed
  /// The run has already finished.
  case finished
}
