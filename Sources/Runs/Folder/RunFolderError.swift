import MessagePassing
import Settings
import Storage

/// A folder cannot be used for a run's results.
package enum RunFolderError: ErrorWithExitCode, Equatable, CustomStringConvertible {
  /// It already contains the results of a run.
  case holdsRun(folder: String, file: String)
  /// It contains no run to resume.
  case holdsNoRun(folder: String)
  /// It contains a search or a comparison, whose trials are the runs.
  case holdsTrials(folder: String)
  /// Its parent folder does not exist.
  case parentMissing(folder: String, parent: String)
  /// There is a file where the folder should be.
  case isFile(folder: String, file: String)
  /// Another process is working on the run.
  case inUse(file: String)
  /// Another process took the folder first.
  case startedMeanwhile(file: String)
  /// It cannot be created or written to.
  case file(FileError)

  /// 75 if the same command may succeed later: the process that holds the folder may be dying.
  package var exitCode: Int32 {
    switch self {
    case .inUse, .startedMeanwhile: ExitCode.interrupted
    default: ExitCode.usage
    }
  }

  /// What is wrong and how to fix it.
  package var description: String {
    switch self {
    case .holdsRun(let folder, let file):
      """
      the output folder \(folder) already holds a run (\(file)), and nothing is overwritten. \
      Choose another --output, or move that run away.
      """
    case .holdsNoRun(let folder):
      """
      \(folder) holds no run: it has no \(RunFolder.File.configuration.rawValue). \
      Check the path, or start a run with --output \(folder).
      """
    case .holdsTrials(let folder):
      """
      \(folder) holds a search or a comparison, not a run. Name one of its runs, such as \
      \(folder)/trials/001; to go on with all of it, give its own command again with \
      --output \(folder) --resume.
      """
    case .parentMissing(let folder, let parent):
      """
      cannot make the output folder \(folder): \(parent) does not exist. \
      Make it with `mkdir -p \(parent)`, or choose another --output.
      """
    case .isFile(let folder, let file):
      """
      cannot make the output folder \(folder): \(file) is a file. Choose another --output.
      """
    case .inUse(let file):
      """
      another process is at work on this run: it holds \(file). Wait for its end, or end it.
      """
    case .startedMeanwhile(let file):
      """
      another process has just begun a run in this folder (\(file)). Choose another --output, or go \
      on with that run later, with --resume.
      """
    case .file(let error): error.words
    }
  }
}
