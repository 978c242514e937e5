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
    let newest = try folder.checkpoints.newest(behind: folder.path(of: .windows)) { file in
      guard let reason = misfit(file) else { return }
      throw RunError(
        "The checkpoint \(file.tensors.path) does not fit: \(reason). Undo that change.")
    }
    file = newest.file
    let beginning =
      newest.file.map { "resumed from window \($0.record.window)" }
      ?? "there is no checkpoint to go on from: starting from the beginning"
    notes = newest.damages.map(\.description) + [beginning]
  }
}
