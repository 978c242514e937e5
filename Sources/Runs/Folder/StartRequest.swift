/// Whether a run begins or goes on.
package enum StartRequest: Equatable, Sendable {
  /// It begins, in a folder that holds no run.
  case new
  /// The run in the folder goes on.
  ///
  /// - `force`: also with a configuration that makes another run of it.
  case resume(force: Bool)
  /// The run in the folder goes on; where there is none, it begins.
  case resumeIfThere(force: Bool)
}

/// What is to be done in a run's folder.
enum StartDecision: Int64 {
  case new
  case resumed
  /// There is nothing left to do.
  case finished
}
