import Settings
import Storage

/// A run that was begun before, found in its folder and taken over; only the root has it.
struct FoundRun {
  let folder: RunFolder
  /// Open: no other process is at work on the run.
  let log: RunLog
  /// What it was started with.
  let configuration: Configuration

  /// Looks for the run to go on with; nil when one begins.
  ///
  /// - Throws: `RunFolderError`, and `ConfigurationError` when its configuration cannot be read.
  init?(_ options: RunOptions) throws {
    if options.start == .new { return nil }
    guard let path = options.output else {
      throw RunError("There is nothing to go on with: name the run's folder with --output.")
    }
    let log = RunFolder(known: path).path(of: .log)
    if case .resumeIfThere = options.start, !RunFolder.holdsRun(path) {
      guard PathKind(of: log) != .nothing else { return nil }
      // A start that is under way, or dying: only when it is over can be said what it has begun.
      let taken = try RunLog(continuing: log)
      if !RunFolder.holdsRun(path) {
        guard taken.isEmpty else {
          throw RunFolderError.holdsRun(folder: path, file: RunFolder.File.log.rawValue)
        }
        return nil
      }
      (folder, self.log) = (try RunFolder(resuming: path), taken)
    } else {
      folder = try RunFolder(resuming: path)
      self.log = try RunLog(continuing: log)
    }
    configuration = try RunFolder.configuration(of: path)
  }

  /// Whether there is something left to do, with a configuration that may not be quite the same.
  ///
  /// - Throws: `RunError` when it makes another run of it.
  func beginning(_ wanted: Configuration, _ start: StartRequest) throws(RunError) -> StartDecision {
    let changes = ConfigurationChange.forbidden(from: configuration, to: wanted)
    if !start.isForced, !changes.isEmpty {
      throw RunError(
        "\(folder.path) holds a run with another configuration "
          + "(\(ConfigurationChange.list(changes))). Leave those keys as they "
          + "were, choose another --output, or go on all the same with --force.")
    }
    let isLonger =
      wanted.windowCount > configuration.windowCount
      || (endedEarly && wanted.isMorePatient(than: configuration))
    return folder.isFinished && !isLonger ? .finished : .resumed
  }
}

extension FoundRun {
  /// Whether the patience of a finished run ran out before the training ended.
  private var endedEarly: Bool {
    guard let input = try? InputFile(path: folder.path(of: .summary)),
      let bytes = try? input.bytes(at: 0..<input.size)
    else { return false }
    return (try? JSONValue(parsing: bytes))?["ended_early"] == .bool(true)
  }
}

extension StartRequest {
  var isForced: Bool {
    switch self {
    case .new: false
    case .resume(let force), .resumeIfThere(let force): force
    }
  }
}
