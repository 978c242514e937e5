import Glibc
import Runs
import Settings
import Storage

/// The folder of several trials; only the job's root has it.
///
/// | file | is |
/// |---|---|
/// | `config.yaml` | what all trials have in common: the preset with its changes |
/// | `plan.json` | the trials and their rungs |
/// | `population.json` | which trials of a population took over which others |
/// | `run.log` | what happened, with times |
/// | `trials/007` | a run's folder: `config.yaml`, `windows.jsonl`, `checkpoints`, `summary.json` |
/// | `trials/007/failure.json` | why it was given up |
/// | `trials.jsonl`, `trials.csv` | all trials, one a line |
/// | `summary.json` | the results: the last file of all |
/// | `summary-12.json`, `best-12` | those of the first 12 trials, before there were more |
///
/// A trial's windows are on the disk before the checkpoint that follows them, so the search can be
/// resumed from whatever is there.
package final class TrialStore {
  package let folder: RunFolder
  package let log: RunLog
  let plan: TrialPlan
  /// What is known of each trial.
  var records: [TrialRecord]
  /// Those of a population so far.
  var generations: [Generation] = []
  /// What each of its trials took over in them.
  var takeovers: [Int: [Takeover]] = [:]
  /// What the checkpoints of a trial must look like.
  let fit: (_ trial: Int) throws -> CheckpointFit

  /// What a store that goes on needs to know of the job.
  package struct Job {
    let plan: TrialPlan
    /// The checksum of the images.
    let images: String
    /// The checksum of the user's own model; nil for the program's networks.
    let model: String?
    /// What the checkpoints of a trial must look like.
    let fit: (_ trial: Int) throws -> CheckpointFit

    /// What is known of a job.
    package init(
      plan: TrialPlan, images: String, model: String? = nil,
      fit: @escaping (_ trial: Int) throws -> CheckpointFit
    ) {
      self.plan = plan
      self.images = images
      self.model = model
      self.fit = fit
    }
  }

  /// Begins a folder.
  ///
  /// - Parameter patience: see `RunFolder.begin(at:waiting:)`.
  /// - Throws: `RunFolderError`, `FileError`
  package init(
    new location: RunFolder.Location, waiting patience: Double?, _ configuration: Configuration,
    _ job: Job
  ) throws {
    plan = job.plan
    fit = job.fit
    (folder, log) = try RunFolder.begin(at: location, waiting: patience)
    records = plan.trials.map { _ in TrialRecord() }
    try AtomicFile.write(Self.document(job), to: TrialFolder.planFile(of: folder.path))
    try folder.writeConfiguration(configuration.yaml(comments: false))
    try Self.make("\(folder.path)/trials")
  }

  /// Goes on in a folder.
  ///
  /// - Parameter log: its log, which this process has.
  /// - Throws: `RunFolderError`, `FileError`, and `RunError` when it was begun with another plan or other
  ///   images, or its files do not go together.
  init(resuming path: String, _ log: RunLog, _ job: Job) throws {
    plan = job.plan
    fit = job.fit
    self.log = log
    folder = try RunFolder(resuming: path)
    AtomicFile.removeLeftovers(in: folder.path)
    let input = try InputFile(path: TrialFolder.planFile(of: folder.path))
    let known = try? JSONValue(parsing: input.all(limit: 1 << 28))
    if let difference = plan.difference(from: known ?? .null) {
      throw RunError(
        "\(path) was begun with another plan (\(difference)). Give the same options again, or "
          + "choose another --output.")
    }
    if let images = known?[Self.imagesKey]?.string, images != job.images {
      let isKnown = job.plan.trials.first?.configuration.data.set.known != nil
      throw RunError(
        "The \(isKnown ? "images" : "data files") are not those that \(path) was begun with: their "
          + "checksum is \(job.images), and was \(images). "
          + (isKnown ? "Name the same files with --data" : "Bring them back as they were")
          + ", or choose another --output.")
    }
    if let model = known?[Self.modelKey]?.string, let found = job.model, model != found {
      throw RunError(
        "\(job.plan.trials.first?.configuration.network.path ?? "The model") is not the model that "
          + "\(path) was begun with: its checksum is \(found), and was \(model). Bring it back as it was, "
          + "or choose another --output.")
    }
    records = plan.trials.map { _ in TrialRecord() }
    let count = known?["trials"]?.array?.count ?? plan.trials.count
    if count < plan.trials.count { try grow(from: count, job) }
    try Self.make("\(folder.path)/trials")
    try readGenerations()
    for trial in plan.trials.indices { records[trial] = try record(found: trial) }
    try checkGenerations()
  }

  /// The plan with the checksums of what it is for.
  private static func document(_ job: Job) -> String {
    var members = (job.plan.json.members ?? []) + [.init(imagesKey, .string(job.images))]
    if let model = job.model { members.append(.init(modelKey, .string(model))) }
    return JSONText.document(.object(members))
  }

  /// Takes the folder for more trials; the results of fewer are kept under other names.
  private func grow(from count: Int, _ job: Job) throws {
    for name in ["best", "summary.json"] {
      let old = "\(folder.path)/\(name)"
      if rename(old, "\(folder.path)/\(Self.name(name, afterTrials: count))") != 0, errno != ENOENT
      {
        throw FileError(path: old, action: .rename, code: errno)
      }
    }
    // Last: until now a search for the old number of trials would have written both again.
    try AtomicFile.write(Self.document(job), to: TrialFolder.planFile(of: folder.path))
    try log.write("going on with \(plan.trials.count) trials, after \(count)")
  }

  /// `summary-12.json` for `summary.json`.
  private static func name(_ name: String, afterTrials count: Int) -> String {
    let parts = name.split(separator: ".", maxSplits: 1)
    return "\(parts[0])-\(count)" + parts.dropFirst().map { ".\($0)" }.joined()
  }

  /// The folder of a trial.
  func place(of trial: Int) -> RunFolder {
    TrialFolder.place(ofTrial: plan.trials[trial].number, in: folder.path)
  }

  /// The newest checkpoint of a trial; empty where it is to begin.
  ///
  /// - Throws: `FileError`
  func state(of trial: Int) throws(FileError) -> [UInt8] {
    guard records[trial].window > 0 else { return [] }
    let input = try InputFile(
      path: place(of: trial).checkpoints.file(window: records[trial].window))
    return try input.bytes(at: 0..<input.size)
  }

  /// Files what a group has made of a trial.
  ///
  /// - Throws: `FileError`
  package func take(_ report: TrialReport, of trial: Int) throws {
    let place = place(of: trial)
    try Self.make(place.path)
    if !RunFolder.holdsRun(place.path) {
      try place.writeConfiguration(plan.trials[trial].configuration.yaml(comments: false))
    }
    if let first = report.windows.first?["window"]?.int {
      let lines = try JSONLinesFile(path: place.path(of: .windows), cutAfterWindow: first - 1)
      for window in report.windows { lines.append(window) }
      try lines.close()
    }
    if !report.state.isEmpty {
      try place.checkpoints.make()
      try AtomicFile.write(to: place.checkpoints.file(window: report.window)) {
        piece throws(FileError) in
        try report.state.forEachPiece(piece)
      }
      place.checkpoints.prune(keeping: Self.checkpointsKept)
    }
    var record = records[trial]
    record.window = report.window
    record.scores.merge(Self.scores(of: report.windows)) { $1 }
    record.seconds = report.elapsed
    if let summary = report.summary {
      try place.writeSummary(summary)
      record.summary = summary
    }
    if let failure = report.failure {
      let json: JSONValue = [
        "window": .integer(report.window), "reason": .string(failure),
        "seconds": .number(report.elapsed),
      ]
      try AtomicFile.write(JSONText.document(json), to: "\(place.path)/\(TrialFolder.failureName)")
      record.failure = failure
    }
    records[trial] = record
  }

  private static let imagesKey = "images_checksum"
  private static let modelKey = "model_checksum"
  private static let checkpointsKept = 2

  /// What the disk knows of a trial.
  private func record(found trial: Int) throws -> TrialRecord {
    var record = TrialRecord()
    let place = place(of: trial)
    guard RunFolder.holdsRun(place.path) else {
      try checkLineage(of: trial, window: 0)
      return record
    }
    AtomicFile.removeLeftovers(in: place.path)
    AtomicFile.removeLeftovers(in: place.checkpoints.path)
    let newest = try place.checkpoints.newest { file in
      try Self.check(file, try fit(trial), in: place)
      return true
    }
    for damage in newest.damages { try log.write("\(damage)") }
    let failure = Self.json("\(place.path)/\(TrialFolder.failureName)")
    if failure == nil { try checkLineage(of: trial, window: newest.file?.record.window ?? 0) }
    if failure == nil, newest.file == nil, let aside = try place.putAside(RunFolder.records) {
      try log.write(
        "trial \(plan.trials[trial].number) has no checkpoint to go on from and starts over; what was "
          + "there is in \(aside)")
    }
    let all = plan.trials[trial].configuration.windowCount
    if let window = failure?["window"]?.int, !(0...all ~= window) {
      throw RecordError(
        "\(place.path)/\(TrialFolder.failureName)",
        "says that the trial failed after window \(window), but it has \(all). Take the file away: "
          + "the trial then goes on from its checkpoint.")
    }
    record.window = failure?["window"]?.int ?? newest.file?.record.window ?? 0
    if failure == nil { place.checkpoints.putAside(after: record.window) }
    record.seconds = failure?["seconds"]?.double ?? newest.file?.record.progress.elapsed ?? 0
    record.failure = failure?["reason"]?.string
    if let summary = Self.json(place.path(of: .summary)),
      summary["windows"]?.int == record.window
    {
      record.summary = summary
    }
    let last = record.window
    record.scores = Self.scores(of: try Self.lines(place.path(of: .windows))).filter {
      $0.key <= last
    }
    return record
  }

  /// Refuses a checkpoint that does not fit its trial, or its trial's windows.
  static func check(
    _ file: CheckpointFile, _ fit: CheckpointFit, in place: RunFolder
  ) throws {
    let changes = ConfigurationChange.deciding(
      from: file.configuration, to: fit.configuration)
    let changed = changes.isEmpty ? nil : ConfigurationChange.list(changes)
    if let reason = try fit.misfit(file) ?? changed {
      throw RunError(
        "The checkpoint \(file.tensors.path) does not fit its trial: \(reason). Move \(place.path) "
          + "away, and the trial starts over.")
    }
    let mark = file.record.progress.files[RunFolder.File.windows.rawValue] ?? FileMark()
    if let difference = try mark.difference(from: place.path(of: .windows)) {
      throw RunError(
        "\(place.path(of: .windows)) is not the file that the checkpoint \(file.tensors.path) goes "
          + "with: it \(difference). Put it back as it was; or move \(place.path) away, and the trial "
          + "starts over.")
    }
  }

  private static func scores(of windows: [JSONValue]) -> [Int: TrialScore] {
    windows.reduce(into: [:]) { scores, line in
      guard let window = line["window"]?.int else { return }
      scores[window] = TrialScore(
        loss: line["validation_loss"]?.double ?? .nan,
        accuracy: line["validation_accuracy"]?.double ?? .nan)
    }
  }

  private static func lines(_ path: String) throws -> [JSONValue] {
    let whole = try WindowLines(of: path)
    guard whole.bytes > 0 else { return [] }
    return try InputFile(path: path).bytes(at: 0..<whole.bytes)
      .split(separator: UInt8(ascii: "\n")).compactMap { try? JSONValue(parsing: $0) }
  }

  private static func json(_ path: String) -> JSONValue? {
    guard let input = try? InputFile(path: path), let bytes = try? input.all(limit: 1 << 28)
    else { return nil }
    return try? JSONValue(parsing: bytes)
  }

  static func make(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) != 0, errno != EEXIST {
      throw FileError(path: path, action: .create, code: errno)
    }
  }
}
