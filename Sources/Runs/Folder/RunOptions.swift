/// The options of a run that do not affect its numerical results.
package struct RunOptions: Equatable, Sendable {
  /// The folder with one subfolder per data set (`--data`, or `GLOCAL_DATA`).
  package var data: String?
  /// The folder for the results (`--output`); nil: the runner chooses a new one.
  package var output: String?
  /// Whether to start a run or resume one.
  package var start: StartRequest
  /// Whether to print only errors.
  package var quiet: Bool
  /// The preset's name, for reports.
  package var preset: String
  /// The MPI library's name, for the summary.
  package var messagePassing: String

  /// Creates options of a run.
  package init(
    data: String? = nil, output: String? = nil, start: StartRequest = .new, quiet: Bool = false,
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
