import Settings
import Storage

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

  /// The files of a run that goes on.
  ///
  /// Whatever was written after the checkpoint goes, as does what processes that were killed have left
  /// behind. What the run had come to is put aside.
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

  /// Keeps what going on would overwrite, but for what is only written again.
  private static func putAside(_ point: ResumePoint) throws -> String? {
    let folder = point.run.folder
    if point.file == nil { return try folder.putAside(RunFolder.records) }
    // While a run is on its best model goes with its checkpoints, and is found again.
    let best: [RunFolder.File] = [.bestModel]
    let results = RunFolder.results + (folder.isFinished ? best : [])
    if !point.keepsRecords { return try folder.putAside(results) }
    return try folder.putAside(
      results, copying: RunFolder.growing + (folder.isFinished ? [] : best))
  }

  /// How far the files have come, by name.
  var marks: [String: FileMark] {
    var marks = [
      RunFolder.File.windows.rawValue: windows.mark,
      RunFolder.File.trajectory.rawValue: trajectory.mark,
    ]
    if let weights { marks[RunFolder.File.weights.rawValue] = weights.mark }
    return marks
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
