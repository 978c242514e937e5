/// What a run needs that does not decide its numbers.
public struct RunOptions: Equatable, Sendable {
  /// The folder with one subfolder per data set (`--data`, or `GLOCAL_DATA`).
  public var data: String?
  /// The folder for the results (`--output`); nil: a new one is named by the runner.
  public var output: String?
  /// Whether the run begins or goes on.
  public var start: RunStart
  /// Whether to print nothing but errors.
  public var quiet: Bool
  /// The preset's name, for reports.
  public var preset: String
  /// The MPI library, for the summary.
  public var messagePassing: String

  /// Options of a run.
  public init(
    data: String? = nil, output: String? = nil, start: RunStart = .new, quiet: Bool = false,
    preset: String = "glyphs",
    messagePassing: String = "none"
  ) {
    self.data = data
    self.output = output
    self.start = start
    self.quiet = quiet
    self.preset = preset
    self.messagePassing = messagePassing
  }
}
