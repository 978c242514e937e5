import Glibc

/// What happens if the system has no more memory for this process.
enum MemoryShortage {
  /// Allocates memory or, on failure, ends the process with a message and exit code 70.
  ///
  /// No computation can go on without it, and no caller has an alternative.
  static func allocate(bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, alignment, bytes) == 0, let memory else {
      end(lacking: "\(bytes / 1_000_000 + 1) MB of numbers")
    }
    return memory
  }

  private static func end(lacking what: String) -> Never {
    fflush(nil)
    let line =
      "There is no memory for \(what). Use fewer ranks on this host, smaller shards, or raise the "
      + "limits of `ulimit -v` or of the job.\n"
    _ = Array(line.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    _exit(70)
  }
}
