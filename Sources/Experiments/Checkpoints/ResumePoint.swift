import Hypergradients

/// Where a run goes on: the newest checkpoint that can be used.
///
/// Only the root knows of it.
struct ResumePoint {
  let run: FoundRun
  /// Nil: from the beginning.
  let file: CheckpointFile?
  /// What is to be told about it.
  let notes: [String]

  /// The windows that stay in the record.
  var window: Int { file?.record.window ?? 0 }

  /// Looks for the newest checkpoint of a run.
  ///
  /// - Parameters:
  ///   - run: which one.
  ///   - misfit: says what of a checkpoint does not fit the configuration, or nil.
  /// - Throws: `RunError` when an undamaged one does not fit: an older one would not either.
  init(of run: FoundRun, misfit: (CheckpointFile) -> String?) throws {
    self.run = run
    let folder = run.folder
    let recorded = try WindowLines(of: folder.path(of: .windows)).lastWindow
    var notes: [String] = []
    for window in folder.checkpoints.windows.reversed() {
      let path = folder.checkpoints.file(window: window)
      do {
        let file = try CheckpointFile(verifying: path)
        if let reason = misfit(file) {
          throw RunError("The checkpoint \(path) does not fit: \(reason). Undo that change.")
        }
        guard file.record.window <= recorded else {
          throw CheckpointDamage(
            path: path,
            reason: "\(folder.path(of: .windows)) ends with window \(recorded) already")
        }
        self.file = file
        self.notes = notes + ["resumed from window \(file.record.window)"]
        return
      } catch let error as CheckpointDamage {
        notes.append("\(error)")
      }
    }
    file = nil
    self.notes = notes + ["there is no checkpoint to go on from: starting from the beginning"]
  }
}
