import Settings
import Storage

/// The files of a run that grow while it is running; on the root only.
struct RunFiles {
  let folder: RunFolder
  let windows: JSONLinesFile
  let trajectory: JSONLinesFile
  /// The weights file, if examples are weighted.
  let weights: JSONLinesFile?
  let log: RunLog

  /// Creates the files of a new run, in a new folder.
  ///
  /// - Parameter patience: see `RunFolder.begin(at:waiting:)`.
  /// - Throws: `RunFolderError`, `FileError`
  init(
    new location: RunFolder.Location, waiting patience: Double?, _ configuration: Configuration
  ) throws {
    (folder, log) = try RunFolder.begin(at: location, waiting: patience)
    try folder.writeConfiguration(configuration.yaml(comments: false))
    windows = try folder.startWindows()
    trajectory = try folder.startTrajectory()
    weights = configuration.task == .optimizer ? nil : try folder.startWeights()
  }

  /// Opens the files of a resumed run.
  ///
  /// Everything written after the checkpoint is removed, as are temporary files of killed
  /// processes. The run's results are moved aside.
  ///
  /// - Throws: `RunFolderError`, `FileError`
  init(resuming point: inout ResumePoint, _ configuration: Configuration) throws {
    (folder, log) = (point.run.folder, point.run.log)
    AtomicFile.removeLeftovers(in: folder.path)
    AtomicFile.removeLeftovers(in: folder.checkpoints.path)
    folder.checkpoints.putAside(after: point.window)
    if let aside = try Self.putAside(point) { point.note("what was there is in \(aside)") }
    try folder.removeWindowFiles(after: point.window)
    try folder.writeConfiguration(configuration.yaml(comments: false))
    let marks = point.file?.record.progress.files ?? [:]
    func file(
      _ file: RunFolder.File, _ digits: JSONText.Digits = .shortest
    ) throws -> JSONLinesFile {
      try JSONLinesFile(
        path: point.run.folder.path(of: file), cutTo: marks[file.rawValue] ?? FileMark(),
        digits: digits)
    }
    windows = try file(.windows)
    trajectory = try file(.trajectory, .seventeen)
    weights = configuration.task == .optimizer ? nil : try file(.weights)
  }

  /// Keeps what resuming would overwrite, except what will be written again unchanged.
  private static func putAside(_ point: ResumePoint) throws -> String? {
    let folder = point.run.folder
    if point.file == nil { return try folder.putAside(RunFolder.records) }
    // During a run the best model is also in the checkpoints, and can be restored.
    let best: [RunFolder.File] = [.bestModel]
    let results = RunFolder.results + (folder.isFinished ? best : [])
    if !point.keepsRecords { return try folder.putAside(results) }
    return try folder.putAside(
      results, copying: RunFolder.growing + (folder.isFinished ? [] : best))
  }

  /// The marks of the files, by name.
  var marks: [String: FileMark] {
    var marks = [
      RunFolder.File.windows.rawValue: windows.mark,
      RunFolder.File.trajectory.rawValue: trajectory.mark,
    ]
    if let weights { marks[RunFolder.File.weights.rawValue] = weights.mark }
    return marks
  }

  /// Waits until every window is on the disk, before a checkpoint that relies on it.
  ///
  /// - Throws: `FileError`
  func sync() throws(FileError) {
    try windows.sync()
    try trajectory.sync()
    try weights?.sync()
  }

  /// Closes the files.
  ///
  /// - Throws: `FileError`
  func close() throws(FileError) {
    try windows.close()
    try trajectory.close()
    try weights?.close()
  }
}
