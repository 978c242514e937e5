import Settings
import Storage

/// An existing run, found in its folder and locked; on the root only.
struct FoundRun {
  let folder: RunFolder
  /// Open, so that no other process is working on the run.
  let log: RunLog
  /// The configuration it was started with.
  let configuration: Configuration

  /// Finds the run to resume; nil if a new one starts.
  ///
  /// - Throws: `RunFolderError`, and `ConfigurationError` if its configuration cannot be read.
  init?(_ options: RunOptions) throws {
    if options.start == .new { return nil }
    guard let path = options.output else {
      throw RunError("There is nothing to go on with: name the run's folder with --output.")
    }
    let log = RunFolder(known: path).path(of: .log)
    if case .resumeIfThere = options.start, !RunFolder.holdsRun(path) {
      guard PathKind(of: log) != .nothing else { return nil }
      // Another start may be running or dying: only once it has ended is it known whether it
      // created a run.
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

  /// Whether there is anything left to do, possibly with a changed configuration.
  ///
  /// - Throws: `RunError` if the change would alter the run's results.
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
  /// Whether a finished run was stopped early by its patience.
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
