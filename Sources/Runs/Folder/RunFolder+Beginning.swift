import Glibc
import Storage

// A new run locks its folder before it writes anything.
extension RunFolder {
  /// Creates a folder, or takes one without a run, and locks it by its log.
  ///
  /// Do this after all other checks: from here on there is something on disk.
  ///
  /// - Parameter seconds: how long to wait for a process that holds the folder and may be dying;
  ///   nil if the folder should be new, so that waiting makes no sense.
  /// - Throws: `RunFolderError` if it contains a run, is in use, cannot be created or is not
  ///   writable.
  package static func begin(
    at location: Location, waiting seconds: Double? = nil
  ) throws(RunFolderError) -> (folder: RunFolder, log: RunLog) {
    do throws(RunFolderError) {
      let folder = try RunFolder(at: location)
      let log = try RunLog(taking: folder.path(of: .log), waiting: seconds ?? 0)
      // Another process may have started and ended a run in the meantime.
      try refuseRun(in: folder.path)
      AtomicFile.removeLeftovers(in: folder.path)
      return (folder, log)
    } catch {
      switch (error, seconds) {
      case (.inUse(let file), nil), (.startedMeanwhile(let file), nil):
        throw .holdsRun(folder: parent(of: file), file: File.log.rawValue)
      case (.holdsRun(let folder, File.configuration.rawValue), .some),
        (.holdsRun(let folder, File.log.rawValue), .some):
        // They did not exist when the folder was searched for a run to resume.
        throw .startedMeanwhile(file: RunFolder(known: folder).path(of: .configuration))
      default: throw error
      }
    }
  }

  /// How long a resuming run waits for a killed process that is slow to die, in seconds.
  package static let patience = 30.0
}
