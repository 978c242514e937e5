import Glibc

/// Standard output cannot be written.
package struct OutputError: Error, Equatable, CustomStringConvertible {
  /// The system's error number (`errno`).
  package let code: Int32
  /// What is safe all the same; empty when there is nothing to say.
  package var kept = ""

  /// Why, and what to do.
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

/// What the program prints: all of it, or an error.
///
/// Written at once, without a buffer whose last bytes could fail to come out when nobody looks any more.
package enum StandardOutput {
  /// Prints a text that the user has asked for.
  ///
  /// - Throws: ``OutputError``
  package static func print(_ text: String, terminator: String = "\n") throws(OutputError) {
    let code = write(text + terminator)
    if code != 0 { throw OutputError(code: code) }
  }

  /// Shows how a training goes, which must not end because nobody can see it; the first failure is
  /// remembered.
  package static func show(_ text: String) {
    guard failure == 0 else { return }
    failure = write(text)
  }

  /// Says at a training's end when its progress could not be shown.
  ///
  /// A reader that has seen enough (`| head`) and a terminal that was closed are no failures.
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
