import Hypergradients
import Learning
import MessagePassing
import Settings
import Tensors

/// The checkpoints of a run: when they are written, and the end of a run that was asked to stop.
struct RunCheckpoints<Number: Scalar & MessageElement> {
  private let writer: CheckpointWriter<Number>
  private let options: RunOptions
  private let tuner: Tuner<ShardedProblem<Number>>
  private let recorder: RunRecorder<Number>?
  private var world: any Communicator { writer.grid.world }

  /// The checkpoints of one run; `recorder` is the root's.
  init(
    _ writer: CheckpointWriter<Number>, _ options: RunOptions,
    _ tuner: Tuner<ShardedProblem<Number>>, _ recorder: RunRecorder<Number>?
  ) {
    self.writer = writer
    self.options = options
    self.tuner = tuner
    self.recorder = recorder
  }

  /// Brings the run to where a checkpoint left it; a collective.
  ///
  /// - Throws: what reading it throws.
  func restore(_ restoration: CheckpointRestoration<Number>) throws {
    do {
      try restoration.restore(tuner)
    } catch is TuningInterruption {
      // Nothing new has happened: the checkpoint on disk is the one to write.
      leave(window: restoration.record.window)
    }
  }

  /// Writes a checkpoint after every so many windows and after the last one; a collective.
  ///
  /// - Throws: `FileError` on the root.
  func writeIfDue() throws {
    guard let every = writer.configuration.checkpoint.every else { return }
    if tuner.state.window % every == 0 || tuner.isFinished { try write() }
  }

  /// Writes a checkpoint of the window's start and ends all ranks; a collective.
  ///
  /// - Throws: `FileError` on the root.
  func writeAndLeave() throws -> Never {
    try write()
    leave(window: tuner.state.window)
  }

  /// Writes a checkpoint; a collective.
  ///
  /// - Throws: `FileError` on the root.
  func write() throws {
    try writer.write(
      tuner, to: recorder?.folder.checkpoints,
      progress: try recorder?.synced() ?? RecordedProgress())
  }

  private func leave(window: Int) -> Never {
    guard let recorder else { world.endJob(code: ExitCode.interrupted, message: nil) }
    let folder = recorder.folder
    let message =
      "Stopped by a signal; the checkpoint \(folder.checkpoints.file(window: window)) holds all "
      + "windows up to \(window). Go on with: glocal-dist resume \(folder.path)"
      + (options.data.map { " --data \($0)" } ?? "")
    recorder.note(RunError(message))
    world.endJob(code: ExitCode.interrupted, message: message)
  }
}
