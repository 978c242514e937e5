/// What a run needs that does not decide its numbers.
package struct RunOptions: Equatable, Sendable {
  /// The folder with one subfolder per data set (`--data`, or `GLOCAL_DATA`).
  package var data: String?
  /// The folder for the results (`--output`); nil: a new one is named by the runner.
  package var output: String?
  /// Whether the run begins or goes on.
  package var start: StartRequest
  /// Whether to print nothing but errors.
  package var quiet: Bool
  /// The preset's name, for reports.
  package var preset: String
  /// The MPI library, for the summary.
  package var messagePassing: String

  /// Options of a run.
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
