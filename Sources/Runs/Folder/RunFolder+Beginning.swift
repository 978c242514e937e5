import Glibc
import Storage

// A run that begins takes its folder for itself, before anything is written.
extension RunFolder {
  /// Makes a folder, or takes one that holds no run, and takes its log: no other process has it then.
  ///
  /// Do this after all else that can be checked beforehand: from here on there is something on disk.
  ///
  /// - Parameter seconds: how long to wait for a process that has the folder and may be dying; nil
  ///   where the folder is to be a new one, so that waiting for it makes no sense.
  /// - Throws: `RunFolderError` when it holds a run or is in other hands, cannot be made, or cannot be
  ///   written.
  package static func begin(
    at location: Location, waiting seconds: Double? = nil
  ) throws(RunFolderError) -> (folder: RunFolder, log: RunLog) {
    do throws(RunFolderError) {
      let folder = try RunFolder(at: location)
      let log = try RunLog(taking: folder.path(of: .log), waiting: seconds ?? 0)
      // Another process may have begun and ended since.
      try refuseRun(in: folder.path)
      AtomicFile.removeLeftovers(in: folder.path)
      return (folder, log)
    } catch {
      switch (error, seconds) {
      case (.inUse(let file), nil), (.startedMeanwhile(let file), nil):
        throw .holdsRun(folder: parent(of: file), file: File.log.rawValue)
      case (.holdsRun(let folder, File.configuration.rawValue), .some),
        (.holdsRun(let folder, File.log.rawValue), .some):
        // They were not there when it was looked for a run to go on with.
        throw .startedMeanwhile(file: RunFolder(known: folder).path(of: .configuration))
      default: throw error
      }
    }
  }

  /// How long a run that is to go on waits for a process that was killed and is slow to die.
  package static let patience = 30.0
}
