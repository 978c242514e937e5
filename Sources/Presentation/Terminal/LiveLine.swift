/// Shows the progress of a run: one line that is rewritten on a terminal, or a few plain lines
/// elsewhere.
///
/// ```swift
/// let live = LiveLine(quiet: quiet)
/// live.show(progress.status)      // after every window
/// live.say("window 7 went back to its start: the loss was not finite")
/// live.clear()             // before anything else prints
/// ```
package final class LiveLine {
  /// How progress is shown.
  package enum Style: Sendable {
    /// One line, rewritten; `width` gives the terminal's columns.
    case terminal(width: @Sendable () -> Int?)
    /// About twenty lines per run.
    case plain
    /// No output.
    case silent
  }

  private let style: Style
  private let write: (String) -> Void
  private var shown = ""
  private var lastTwentieth = -1

  /// Shows progress on standard output: live on a terminal, plain elsewhere, not at all when quiet.
  package convenience init(quiet: Bool) {
    let style: Style =
      if quiet {
        .silent
      } else if let terminal = Terminal() {
        .terminal(width: { terminal.width })
      } else {
        .plain
      }
    self.init(style: style, write: StandardOutput.show)
  }

  /// Shows progress in a given style, writing with a given function.
  package init(style: Style, write: @escaping (String) -> Void) {
    self.style = style
    self.write = write
  }

  deinit { clear() }

  /// Shows the current status.
  package func show(_ status: LiveStatus) {
    switch style {
    case .silent: return
    case .plain:
      // Slightly more, since fractions such as 7/20 are rounded.
      let twentieth = Int(20 * min(1, max(0, status.share)) + 1e-9)
      guard twentieth > lastTwentieth else { return }
      lastTwentieth = twentieth
      write(status.line + "\n")
    case .terminal(let width):
      // Leaves one column free: a full line makes some terminals wrap.
      let line = status.line(columns: max(1, (width() ?? 80) - 1))
      guard line != shown else { return }
      write("\r\(line)\u{1B}[K")
      shown = line
    }
  }

  /// Prints a separate line above the live line; even if quiet, since it is not progress.
  package func say(_ line: String) {
    let again = shown
    clear()
    write(line + "\n")
    if !again.isEmpty {
      write("\r\(again)\u{1B}[K")
      shown = again
    }
  }

  /// Erases the live line, so that other output starts on a clean line.
  package func clear() {
    guard !shown.isEmpty else { return }
    write("\r\u{1B}[K")
    shown = ""
  }

  /// Restarts the count for another training.
  package func begin() { lastTwentieth = -1 }

  /// Whether progress is shown at all.
  package var isSilent: Bool { if case .silent = style { true } else { false } }
}
