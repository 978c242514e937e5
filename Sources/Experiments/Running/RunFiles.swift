/// The files of a run that grow while it is on; only the root has them.
struct RunFiles {
  let folder: RunFolder
  let windows: JSONLinesFile
  let trajectory: JSONLinesFile
  /// Where examples are weighted.
  let weights: JSONLinesFile?
  let log: RunLog

  /// The files of a run that begins, in a new folder.
  ///
  /// - Throws: `RunFolderError`, `FileError`
  init(new location: RunFolder.Location, _ configuration: Configuration) throws {
    folder = try RunFolder(at: location)
    try folder.writeConfiguration(configuration.yaml(comments: false))
    log = try folder.startLog()
    windows = try folder.startWindows()
    trajectory = try folder.startTrajectory()
    weights = configuration.task == .optimizer ? nil : try folder.startWeights()
  }

  /// The files of a run that goes on: whatever was written after the checkpoint goes, as does what
  /// processes that were killed have left behind.
  ///
  /// - Throws: `RunFolderError`, `FileError`
  init(resuming point: ResumePoint, _ configuration: Configuration) throws {
    (folder, log) = (point.run.folder, point.run.log)
    AtomicFile.removeLeftovers(in: folder.path)
    AtomicFile.removeLeftovers(in: folder.checkpoints.path)
    folder.checkpoints.putAside(after: point.window)
    folder.reopen()
    try folder.writeConfiguration(configuration.yaml(comments: false))
    windows = try JSONLinesFile(
      path: folder.path(of: .windows), cutAfterWindow: point.window)
    trajectory = try JSONLinesFile(
      path: folder.path(of: .trajectory), cutAfterWindow: point.window, digits: .seventeen)
    weights =
      configuration.task == .optimizer
      ? nil
      : try JSONLinesFile(path: folder.path(of: .weights), cutAfterWindow: point.window)
  }

  /// Waits until the disk has every window: before a checkpoint that relies on them.
  ///
  /// - Throws: `FileError`
  func sync() throws(FileError) {
    try windows.sync()
    try trajectory.sync()
    try weights?.sync()
  }

  /// The end of them.
  ///
  /// - Throws: `FileError`
  func close() throws(FileError) {
    try windows.close()
    try trajectory.close()
    try weights?.close()
  }
}
