import Glibc

/// Whether standard output is shown on a terminal, and its width.
///
/// Open MPI gives every rank a pseudo-terminal for its standard output, even if mpirun's own output
/// goes to a file, so under a launcher the launcher (the parent process) is inspected.
package struct Terminal: Sendable {
  private enum Source: Sendable {
    case standardOutput
    case launcher(path: String)
  }
  private let source: Source

  /// The terminal that shows standard output; nil if there is none or it cannot rewrite a line:
  /// `TERM` is then `dumb`, as in Emacs and some editors' consoles, or unset.
  package init?() {
    guard Self.canRewrite(getenv("TERM").map { String(cString: $0) }) else { return nil }
    // mpirun sets both; srun sets neither and provides pipes.
    if getenv("OMPI_COMM_WORLD_SIZE") == nil || getenv("PMIX_RANK") == nil {
      guard isatty(STDOUT_FILENO) == 1 else { return nil }
      source = .standardOutput
      return
    }
    source = .launcher(path: "/proc/\(getppid())/fd/\(STDOUT_FILENO)")
    guard windowSize() != nil else { return nil }
  }

  /// Whether a terminal of this type can move its cursor.
  package static func canRewrite(_ type: String?) -> Bool {
    !["", "dumb", "unknown"].contains(type ?? "")
  }

  /// The current width in columns; nil if the terminal does not report it.
  package var width: Int? {
    guard let size = windowSize(), size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  private func windowSize() -> winsize? {
    var size = winsize()
    switch source {
    case .standardOutput:
      guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
    case .launcher(let path):
      // Opening a file or pipe has no effect, and it has no window size. O_NONBLOCK: opening must
      // not wait for a pipe's other end.
      let descriptor = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { _ = close(descriptor) }
      guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return nil }
    }
    return size
  }
}
