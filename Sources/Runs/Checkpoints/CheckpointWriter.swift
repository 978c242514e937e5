import Hypergradients
import MessagePassing
import Settings
import Storage
import Tensors

/// Writes checkpoints; called collectively by all ranks.
///
/// Only the root writes, to a temporary file that is synced and renamed: a checkpoint is complete
/// or absent. Columns are sent to the root one at a time and go straight to the file, so no rank
/// ever holds them all.
package struct CheckpointWriter<Number: Scalar & MessageElement> {
  package let grid: ProcessGrid
  package let configuration: Configuration
  package let mode: DifferentiationMode
  /// The checksum of the images; only the root's is used.
  package let images: String
  /// The checksum of the user's own model; nil for the program's networks.
  package let model: String?
  /// Whether the run was resumed with a configuration that changed its results.
  package var isForced = false
  /// The parts of the run's start that were read from files.
  package var start: StoredStart<Number>?

  package init(
    grid: ProcessGrid, configuration: Configuration, mode: DifferentiationMode, images: String,
    model: String? = nil, isForced: Bool = false, start: StoredStart<Number>? = nil
  ) {
    self.grid = grid
    self.configuration = configuration
    self.mode = mode
    self.images = images
    self.model = model
    self.isForced = isForced
    self.start = start
  }

  /// Writes a checkpoint of a tuner between two windows, and removes the oldest ones.
  ///
  /// - Parameters:
  ///   - folder: on the root.
  ///   - progress: on the root.
  /// - Throws: `FileError` on the root.
  package func write<Problem: InnerProblem>(
    _ tuner: Tuner<Problem>, to folder: CheckpointFolder?, progress: RecordedProgress
  ) throws(FileError) where Problem.Number == Number {
    let record = CheckpointRecord(
      of: tuner, mode: mode, isForced: isForced, images: images, model: model,
      progress: progress)
    if let folder {
      try folder.make()
      try AtomicFile.fill(folder.file(window: record.window)) {
        (file: OutputFile, kept: String) throws(FileError) in
        try self.fill(file, kept, tuner, record)
      }
    } else {
      try handOverColumns(tuner, record)
    }
    // The oldest one is removed only after all ranks know that the newest one is safe.
    guard grid.world.agree(true) else { return }
    folder?.prune(keeping: configuration.checkpoint.keep)
  }

  /// The bytes of such a checkpoint, on the root; empty elsewhere.
  ///
  /// - Parameter progress: on the root.
  /// - Throws: nothing beyond the declared error type, which comes from the writer for files.
  package func bytes<Problem: InnerProblem>(
    _ tuner: Tuner<Problem>, progress: RecordedProgress
  ) throws(FileError) -> [UInt8] where Problem.Number == Number {
    let record = CheckpointRecord(
      of: tuner, mode: mode, isForced: isForced, images: images, model: model,
      progress: progress)
    let sink = MemorySink()
    if grid.world.isRoot {
      try fill(sink, "", tuner, record)
    } else {
      try handOverColumns(tuner, record)
    }
    return sink.bytes
  }

  /// The other ranks' part while the root writes.
  private func handOverColumns<Problem: InnerProblem>(
    _ tuner: Tuner<Problem>, _ record: CheckpointRecord
  ) throws(FileError) where Problem.Number == Number {
    for jet in record.hasColumns ? tuner.state.training.jets : [] {
      try ColumnTraffic(grid: grid).toRoot(jet, count: tuner.columnCount) {
        _ throws(FileError) in
      }
    }
  }

  private func fill<Problem: InnerProblem>(
    _ file: any ByteSink, _ kept: String, _ tuner: Tuner<Problem>, _ record: CheckpointRecord
  ) throws(FileError) where Problem.Number == Number {
    let (state, schedule) = (tuner.state, record.progress.schedule)
    let q = state.hyperparameters.count
    let jets = state.training.jets
    let names = CheckpointTensor.vectors(optimizer: jets.count - 1)
    var doubles: [(name: String, shape: [Int], values: [Double])] = [
      ("hyperparameters", [state.hyperparameters.numbers.count], state.hyperparameters.numbers),
      ("outer.first", [q], state.outer.first), ("outer.second", [q], state.outer.second),
      ("schedule", [schedule.count, schedule.first?.count ?? 0], schedule.flatMap { $0 }),
    ]
    if let loss = start?.loss {
      doubles.append((CheckpointTensor.initialLoss, [loss.count], loss))
    }
    let p = state.training.parameters.count
    let type = SafeTensorsType(of: Number.self)
    let origin = tuner.playoutOrigin
    let header = CheckpointFile.header(
      doubles.map { ($0.name, $0.shape, .float64) }
        + (start?.parameters == nil ? [] : [(CheckpointTensor.initialParameters, [p], type)])
        + names.map { ($0, [p], type) }
        + (origin == nil ? [] : names.map { (CheckpointTensor.origin + $0, [p], type) })
        + (record.best == nil ? [] : [(CheckpointTensor.best, [p], type)])
        + (record.hasColumns
          ? names.map { ($0 + CheckpointTensor.columns, [tuner.columnCount, p], type) } : []),
      record, configuration)
    var sum = Checksum()
    func put(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
      sum.add(bytes)
      try file.write(bytes, kept: kept)
    }
    try header.forEachPiece(put)
    for tensor in doubles { try tensor.values.forEachPiece(put) }
    try start?.parameters?.forEachPiece(put)
    for jet in jets { try put(UnsafeRawBufferPointer(jet.primal)) }
    if let origin { try put(UnsafeRawBufferPointer(origin.numbers)) }
    if let best = state.best { try put(UnsafeRawBufferPointer(best.parameters.elements)) }
    for jet in record.hasColumns ? jets : [] {
      try ColumnTraffic(grid: grid).toRoot(jet, count: tuner.columnCount) {
        column throws(FileError) in
        try put(UnsafeRawBufferPointer(column))
      }
    }
    guard let place = CheckpointFile.place(ofChecksumIn: header) else { return }
    try file.overwrite(Array(sum.text.utf8), at: place, kept: kept)
  }
}
