import Glibc

/// What happens when the system has no more memory for this process.
enum MemoryShortage {
  /// Memory for some bytes, or the end of the process with a sentence and exit code 70.
  ///
  /// Nothing can be computed without it, and no caller has another way.
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
