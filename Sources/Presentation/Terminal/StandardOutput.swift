import Glibc

/// Writing to standard output failed.
package struct OutputError: Error, Equatable, CustomStringConvertible {
  /// The system's error number (`errno`).
  package let code: Int32
  /// What is nevertheless safe; empty if there is nothing to say.
  package var kept = ""

  /// The cause and the remedy.
  package var description: String {
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    let remedy =
      switch code {
      case ENOSPC, EDQUOT: "Free space where it goes, or send it elsewhere."
      default: "Send it elsewhere."
      }
    return ["cannot write standard output: \(reason).", kept, remedy].filter { !$0.isEmpty }
      .joined(separator: " ")
  }
}

/// The program's output: printed completely, or an error is thrown.
///
/// Written unbuffered, since flushing a buffer at exit could fail unnoticed.
package enum StandardOutput {
  /// Prints a text that the user has requested.
  ///
  /// - Throws: ``OutputError``
  package static func print(_ text: String, terminator: String = "\n") throws(OutputError) {
    let code = write(text + terminator)
    if code != 0 { throw OutputError(code: code) }
  }

  /// Shows the progress of a training, which must not end because its output cannot be written; the
  /// first failure is recorded.
  package static func show(_ text: String) {
    guard failure == 0 else { return }
    failure = write(text)
  }

  /// Throws at the end of a training if its progress could not be shown.
  ///
  /// A reader that closed its pipe early (`| head`) and a closed terminal are not failures.
  ///
  /// - Throws: ``OutputError``
  package static func requireShown(kept: String) throws(OutputError) {
    guard ![0, EPIPE, EIO].contains(failure) else { return }
    throw OutputError(code: failure, kept: kept)
  }

  // A rank is one process, and only its main thread prints.
  nonisolated(unsafe) private static var failure: Int32 = 0

  /// - Returns: 0, or `errno`.
  private static func write(_ text: String) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        var ready = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        _ = poll(&ready, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
