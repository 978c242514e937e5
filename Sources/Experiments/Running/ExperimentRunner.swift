import Foundation
import MessagePassing
import Tensors

/// Runs experiments.
public enum ExperimentRunner {
  /// Runs one experiment to its end, on all ranks of the job.
  ///
  /// An error ends all ranks with a non-zero exit code and one message; this function then does not
  /// return.
  public static func run(configuration: Configuration, options: RunOptions) {
    withMessagePassing { runtime in
      BLASLibrary.threads = configuration.parallel.threads
      ConvolutionLibrary.setThreads(configuration.parallel.threads)
      switch configuration.precision {
      case .float:
        try Experiment<Float>(configuration, options, world: runtime.world).run()
      case .double:
        try Experiment<Double>(configuration, options, world: runtime.world).run()
      }
    }
  }
}
