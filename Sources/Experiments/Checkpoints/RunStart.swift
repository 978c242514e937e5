/// Whether a run begins or goes on.
public enum RunStart: Equatable, Sendable {
  /// It begins, in a folder that holds no run.
  case new
  /// The run in the folder goes on.
  ///
  /// - `force`: also with a configuration that makes another run of it.
  case resume(force: Bool)
  /// The run in the folder goes on; where there is none, it begins.
  case resumeIfThere(force: Bool)
}

/// What was found in a run's folder.
enum RunBeginning: Int64 {
  case new
  case resumed
  /// There is nothing left to do.
  case finished

  /// Looks into the folder; only the root does.
  ///
  /// - Throws: `RunError` when the run there has another configuration, and what reading it throws.
  static func find(_ configuration: Configuration, _ options: RunOptions) throws -> RunBeginning {
    let isForced: Bool
    switch options.start {
    case .new: return .new
    case .resume(let force): isForced = force
    case .resumeIfThere(let force):
      guard let path = options.output, RunFolder.holdsRun(path) else { return .new }
      isForced = force
    }
    guard let path = options.output else {
      throw RunError("There is nothing to go on with: name the run's folder with --output.")
    }
    let before = try RunFolder.configuration(of: path)
    let folder = try RunFolder(resuming: path)
    let changes = ConfigurationChange.forbidden(from: before, to: configuration)
    if !isForced, !changes.isEmpty {
      throw RunError(
        "\(path) holds a run with another configuration (\(joined(changes))). Leave those keys "
          + "as they were, choose another --output, or go on all the same with --force.")
    }
    let isLonger = configuration.windowCount > before.windowCount
    return folder.isFinished && !isLonger ? .finished : .resumed
  }

  private static func joined(_ changes: [ConfigurationChange]) -> String {
    changes.map(\.description).joined(separator: "; ")
  }
}
