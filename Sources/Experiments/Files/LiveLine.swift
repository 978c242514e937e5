/// Shows how a run goes: one line that is rewritten on a terminal, a few plain lines elsewhere.
///
/// ```swift
/// let live = LiveLine(quiet: quiet)
/// live.show(progress)      // after every window
/// live.say("window 7 went back to its start: the loss was not finite")
/// live.clear()             // before anything else prints
/// ```
public final class LiveLine {
  /// How progress is shown.
  public enum Style: Sendable {
    /// One line, rewritten; `width` gives the columns of the window.
    case terminal(width: @Sendable () -> Int?)
    /// About twenty lines over a run.
    case plain
    /// Nothing.
    case silent
  }

  private let style: Style
  private let write: (String) -> Void
  private var shown = ""
  private var lastTwentieth = -1

  /// Shows progress on standard output: live on a terminal, plain elsewhere, not at all when quiet.
  public convenience init(quiet: Bool) {
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

  /// Shows progress in a given style through a given function.
  public init(style: Style, write: @escaping (String) -> Void) {
    self.style = style
    self.write = write
  }

  deinit { clear() }

  /// Shows where the run stands.
  public func show(_ progress: Progress) {
    switch style {
    case .silent: return
    case .plain:
      let twentieth = 20 * progress.window / max(1, progress.windows)
      guard twentieth != lastTwentieth else { return }
      lastTwentieth = twentieth
      write(progress.line + "\n")
    case .terminal(let width):
      // One column stays free: a full line makes some terminals wrap.
      let line = Self.truncated(progress.line, to: max(1, (width() ?? 80) - 1))
      guard line != shown else { return }
      write("\r\(line)\u{1B}[K")
      shown = line
    }
  }

  /// Prints a line of its own above the live line; also when quiet, since it is no progress.
  public func say(_ line: String) {
    let again = shown
    clear()
    write(line + "\n")
    if !again.isEmpty {
      write("\r\(again)\u{1B}[K")
      shown = again
    }
  }

  /// Takes the live line away, so that other output starts on a clean line.
  public func clear() {
    guard !shown.isEmpty else { return }
    write("\r\u{1B}[K")
    shown = ""
  }

  /// The text, or as much as fits with an ellipsis at its end.
  static func truncated(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "…"
  }
}
