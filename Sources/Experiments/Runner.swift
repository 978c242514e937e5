/// Runs experiments.
public enum ExperimentRunner {
  /// Runs one experiment to its end.
  ///
  /// - Throws: an error with a sentence and a remedy.
  public static func run(configuration: Configuration, options: RunOptions) throws {
    throw NotYet()
  }

  private struct NotYet: Error, CustomStringConvertible {
    var description: String { "running experiments is not there yet." }
  }
}
