import MessagePassing
import Presentation
import Settings
import Tensors

/// Runs experiments.
package enum ExperimentRunner {
  /// Runs one experiment to its end; a collective of all ranks of the job.
  ///
  /// Errors at the start end all ranks with one message and exit code 64, a diverging training with
  /// 70, and a ``StopSignal`` with 75 after a checkpoint; this function then does not return.
  ///
  /// - Throws: errors of a single rank during the run, such as a full disk.
  package static func run(
    configuration: Configuration, options: RunOptions, world: any Communicator
  ) throws {
    StopSignal.watch()
    setUp(configuration, world: world)
    switch configuration.precision {
    case .float: try Experiment<Float>(configuration, options, world: world).run()
    case .double: try Experiment<Double>(configuration, options, world: world).run()
    }
    try StandardOutput.requireShown(
      kept: "The run has finished, and all its results are on the disk.")
  }

  /// Makes BLAS allocate its memory while some is available.
  ///
  /// - Throws: `RunError` if there is not enough.
  package static func claimLibraryMemory() throws(RunError) {
    try require(LibraryMemory.claim())
  }

  /// Checks whether BLAS could allocate its memory with a single thread.
  ///
  /// - Throws: `RunError` if there is not enough.
  package static func checkLibraryMemory() throws(RunError) {
    try require(LibraryMemory.lacking(threads: 1))
  }

  private static func require(_ bytes: Int?) throws(RunError) {
    guard let bytes else { return }
    throw RunError(
      "the libraries need another \(bytes / 1_000_000) MB of address space, and this process may not "
        + "have them: raise `ulimit -v` (or the job's limit), or lower parallel.threads.")
  }

  /// Applies the configuration's library settings, and starts the watchdog.
  package static func setUp(_ configuration: Configuration, world: any Communicator) {
    BLASLibrary.threads = configuration.parallel.threads
    ConvolutionLibrary.setThreads(configuration.parallel.threads)
    world.allOrNone { try claimLibraryMemory() }
    if let seconds = configuration.watchdog.seconds {
      Watchdog.start(watching: world, limit: seconds)
    }
  }
}
