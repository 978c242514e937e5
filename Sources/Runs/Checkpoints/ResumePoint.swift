import Hypergradients
import Settings
import Storage

/// Where a run resumes: the newest usable checkpoint.
///
/// Exists only on the root.
struct ResumePoint {
  let run: FoundRun
  /// The checkpoint; nil: start from the beginning.
  let file: CheckpointFile?
  /// Messages for the user about it.
  private(set) var notes: [String]
  /// Whether the run is resumed, now or earlier, with a configuration that changes its results.
  let isForced: Bool
  /// Whether this happens now, so that the next checkpoint must record it.
  let changesRun: Bool
  /// Whether the records have changed since the checkpoint and must be kept.
  let keepsRecords: Bool

  /// The number of windows that stay in the records.
  var window: Int { file?.record.window ?? 0 }

  /// What a run is to be resumed with.
  struct Request {
    let configuration: Configuration
    let fit: CheckpointFit
    /// The checksum of the images.
    let images: String
    /// The user's own model; nil for the program's networks.
    var model: Model?
    let isForced: Bool
  }

  /// A user's own model.
  struct Model {
    /// Where it lies.
    let path: String
    /// Its checksum.
    let checksum: String
  }

  /// Finds the newest usable checkpoint of a run.
  ///
  /// - Throws: `RunError` if an undamaged one does not fit, the records have changed since it was
  ///   written, or resuming would start over and something would be lost; unless forced.
  init(of run: FoundRun, _ request: Request) throws {
    self.run = run
    var strangers: [String] = []
    let newest = try run.folder.checkpoints.newest { file in
      if let reason = try request.fit.misfit(file) {
        throw RunError(
          "The checkpoint \(file.tensors.path) does not fit: \(reason). Undo that change.")
      }
      if !request.isForced { try Self.refuseChanges(file, request) }
      guard let reason = try Self.changedRecord(of: run.folder, file) else { return true }
      if !request.isForced {
        throw RunError(
          "\(reason). Put that file back as it was; or let --force go on from an older checkpoint that "
            + "agrees with it, or else from the beginning: the files as they are will be kept aside."
        )
      }
      strangers.append("\(reason).")
      return false
    }
    file = newest.file
    keepsRecords = !strangers.isEmpty
    if newest.file == nil, !request.isForced { try Self.refuseStartingOver(run, newest.damages) }
    let changes =
      newest.file.map {
        ConfigurationChange.forbidden(from: $0.configuration, to: request.configuration)
      } ?? []
    changesRun =
      newest.file.map {
        !changes.isEmpty || $0.record.images != request.images
          || $0.record.model != request.model?.checksum
      } ?? false
    isForced = newest.file?.record.isForced == true || !changes.isEmpty
    let beginning =
      newest.file.map { "resumed from window \($0.record.window)" }
      ?? "there is no checkpoint to go on from: starting from the beginning"
    notes = newest.damages.map(\.description) + strangers + [beginning]
    if !changes.isEmpty {
      notes.append("forced to go on with \(ConfigurationChange.list(changes))")
    }
  }

  /// Adds a message for the user.
  mutating func note(_ text: String) { notes.append(text) }

  private static func refuseChanges(
    _ file: CheckpointFile, _ request: Request
  ) throws(RunError) {
    let changes = ConfigurationChange.forbidden(
      from: file.configuration, to: request.configuration)
    if !changes.isEmpty {
      throw RunError(
        "The checkpoint \(file.tensors.path) was made with another configuration "
          + "(\(ConfigurationChange.list(changes))). Leave those keys as they were, or go on all the "
          + "same with --force.")
    }
    if file.record.images != request.images {
      let isKnown = request.configuration.data.set.known != nil
      throw RunError(
        "The \(isKnown ? "images" : "data files") are not those that the run was trained with: their "
          + "checksum is \(request.images), and that in \(file.tensors.path) is "
          + "\(file.record.images). "
          + (isKnown ? "Name the same files with --data" : "Bring them back as they were")
          + ", or go on all the same with --force.")
    }
    if let model = request.model, let before = file.record.model, before != model.checksum {
      throw RunError(
        "\(model.path) is not the model that the run was trained with: its checksum is "
          + "\(model.checksum), and that in \(file.tensors.path) is \(before). Bring it back as it was, "
          + "or go on all the same with --force.")
    }
  }

  /// The recorded file that has changed since a checkpoint, and how; nil if none has.
  private static func changedRecord(
    of folder: RunFolder, _ file: CheckpointFile
  ) throws -> String? {
    for (name, mark) in file.record.progress.files.sorted(by: { $0.key < $1.key }) {
      guard let known = RunFolder.File(rawValue: name) else {
        return "The checkpoint \(file.tensors.path) speaks of a file \(name), which no run has"
      }
      if let difference = try mark.difference(from: folder.path(of: known)) {
        return "\(folder.path(of: known)) is not the file that the checkpoint \(file.tensors.path) "
          + "goes with: it \(difference)"
      }
    }
    return try changedWindowFile(of: folder, file)
  }

  /// The same for the window files, whose checksums are in `windows.jsonl`.
  private static func changedWindowFile(
    of folder: RunFolder, _ file: CheckpointFile
  ) throws -> String? {
    let windows = RunFolder.File.windows
    guard let mark = file.record.progress.files[windows.rawValue] else { return nil }
    for entry in try WindowFileEntry.all(in: folder.path(of: windows), upTo: mark) {
      let path = folder.path(ofWindow: entry.window)
      if let difference = try entry.mark.difference(from: path, isWhole: true) {
        return "\(path) is not the file that the checkpoint \(file.tensors.path) goes with: it "
          + difference
      }
    }
    return nil
  }

  /// A run that was killed before its first checkpoint starts over; one with something to lose does
  /// so only if forced.
  private static func refuseStartingOver(
    _ run: FoundRun, _ damages: [CheckpointDamage]
  ) throws(RunError) {
    let folder = run.folder
    let how = "--force starts over and keeps what is there aside."
    if folder.isFinished {
      throw RunError(
        "\(folder.path) holds the results of a run that has finished, and no checkpoint to go on from"
          + (damages.isEmpty ? "" : " (\(damages.map(\.description).joined(separator: " ")))")
          + ". Bring \(folder.checkpoints.path) back, or choose another --output; \(how)")
    }
    if !damages.isEmpty {
      throw RunError(
        "None of the checkpoints in \(folder.checkpoints.path) can be used: "
          + damages.map(\.description).joined(separator: " ")
          + " Bring one back from a copy; \(how)")
    }
  }
}
