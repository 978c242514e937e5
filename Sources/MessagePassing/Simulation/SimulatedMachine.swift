import CMPI

/// The machine that SimGrid simulates: its ranks are in one process, and its time passes when ranks
/// are told to be busy and when messages are under way.
public enum SimulatedMachine {
  /// Lets this rank be busy.
  ///
  /// - Parameter seconds: at least 0.
  public static func work(_ seconds: Double) { cmpi_simulate_work(seconds) }

  /// The time that has passed on the simulated machine.
  public static var seconds: Double { cmpi_simulated_seconds() }

  /// A vector as ``OrderedSum`` keeps its own, which lives as long as the program.
  ///
  /// Its numbers mean nothing, and its memory is hardly there.
  public static func vector<Element: MessageElement>(
    _ count: Int
  ) -> UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: VectorMemory.allocate(count), count: count)
  }

  /// Starts MPI, does `body` on every rank and finishes, as ``withMessagePassing(environment:needsRanks:words:_:)``.
  ///
  /// SimGrid's launcher leaves no trace in the environment.
  public static func withRanks(
    words: (any Error) -> String, _ body: (MessagePassingRuntime) throws -> Void
  ) {
    withMessagePassing(environment: LaunchEnvironment(["PMI_RANK": "0"]), words: words, body)
  }
}
