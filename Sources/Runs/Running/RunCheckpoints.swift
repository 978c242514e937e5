import Hypergradients
import Learning
import MessagePassing
import Settings
import Tensors

/// The checkpoints of a run: when they are written, and how a run that was asked to stop ends.
struct RunCheckpoints<Number: Scalar & MessageElement> {
  private let writer: CheckpointWriter<Number>
  private let options: RunOptions
  private let tuner: Tuner<ShardedProblem<Number>>
  private let recorder: RunRecorder<Number>?
  private var world: any Communicator { writer.grid.world }

  /// Creates the checkpoints of one run; `recorder` is nil except on the root.
  init(
    _ writer: CheckpointWriter<Number>, _ options: RunOptions,
    _ tuner: Tuner<ShardedProblem<Number>>, _ recorder: RunRecorder<Number>?
  ) {
    self.writer = writer
    self.options = options
    self.tuner = tuner
    self.recorder = recorder
  }

  /// Restores the run from a checkpoint; a collective.
  ///
  /// - Throws: errors of reading it.
  func restore(_ restoration: CheckpointRestoration<Number>) throws {
    do {
      try restoration.restore(tuner)
    } catch is TuningInterruption {
      // Nothing new has happened: the checkpoint on disk is the one that would be written.
      leave(window: restoration.record.window)
    }
  }

  /// Writes a checkpoint if one is due: at the configured interval and after the last window; a
  /// collective.
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
