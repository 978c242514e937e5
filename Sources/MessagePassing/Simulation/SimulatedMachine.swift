import CMPI

/// The machine that SimGrid simulates: its ranks share one process, and its clock advances when
/// ranks are told to be busy and while messages are in transit.
public enum SimulatedMachine {
  /// Keeps this rank busy.
  ///
  /// - Parameter seconds: at least 0.
  public static func work(_ seconds: Double) { cmpi_simulate_work(seconds) }

  /// The elapsed time on the simulated machine, in seconds.
  public static var seconds: Double { cmpi_simulated_seconds() }

  /// A vector like those of ``OrderedSum``, which lives as long as the program.
  ///
  /// Its contents are meaningless, and it takes hardly any memory.
  public static func vector<Element: MessageElement>(
    _ count: Int
  ) -> UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: VectorMemory.allocate(count), count: count)
  }

  /// Starts MPI, runs `body` on every rank and finishes, like
  /// ``withMessagePassing(environment:needsRanks:words:_:)``.
  ///
  /// SimGrid's launcher sets no environment variables.
  public static func withRanks(
    words: (any Error) -> String, _ body: (MessagePassingRuntime) throws -> Void
  ) {
    withMessagePassing(environment: LaunchEnvironment(["PMI_RANK": "0"]), words: words, body)
  }
}
