import Glibc

/// An open file that is read by position; the only caller of pread(2).
///
/// Not memory-mapped, so if the file is truncated or a network disk fails meanwhile, the result is
/// an error with a name and not a signal. Pipes and devices are rejected: they have no size, and
/// can block or never end.
package final class InputFile {
  package let path: String
  package let size: Int
  private let descriptor: Int32
  /// The content, if it was never on a disk.
  private let memory: [UInt8]?

  /// Wraps content received by message; `path` is its name in errors.
  package init(bytes: [UInt8], calling path: String) {
    self.path = path
    memory = bytes
    size = bytes.count
    descriptor = -1
  }

  package init(path: String) throws(FileError) {
    self.path = path
    memory = nil
    // Without O_NONBLOCK this would block on a pipe without a writer.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw FileError(path: path, action: .open, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      size = 0
      throw FileError(path: path, action: .open, code: errno)
    }
    size = Int(status.st_size)
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw FileError(path: path, action: .read, code: EISDIR)
    default: throw FileError(path: path, action: .read, code: ESPIPE)
    }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// All bytes of a file that should be small.
  ///
  /// - Throws: `FileError`, also if the file has more than `limit` bytes.
  package func all(limit: Int) throws(FileError) -> [UInt8] {
    guard size <= limit else { throw FileError(path: path, action: .read, code: EFBIG) }
    return try bytes(at: 0..<size)
  }

  /// The bytes of a range that must lie inside the file.
  package func bytes(at range: Range<Int>) throws(FileError) -> [UInt8] {
    try filled(count: range.count) { (bytes: UnsafeMutableRawBufferPointer) throws(FileError) in
      try self.read(range.lowerBound, into: bytes)
    }
  }

  /// An array of a given size, written in place by `fill`.
  package func filled<Element: BitwiseCopyable>(
    count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) -> [Element] {
    var failure: FileError?
    let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(FileError) {
        try fill(
          UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count])))
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return result
  }

  /// Reads from a position until the buffer is full.
  package func read(
    _ position: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws(FileError) {
    if let memory {
      memory.withUnsafeBytes {
        bytes.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[position..<position + bytes.count]))
      }
      return
    }
    var done = 0
    while done < bytes.count {
      let count = min(bytes.count - done, 1 << 30)
      let result = pread(
        descriptor, bytes.baseAddress.map { $0 + done }, count, off_t(position + done))
      if result < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, action: .read, code: errno)
      }
      // The file has been truncated since it was opened.
      if result == 0 { throw FileError(path: path, action: .read, code: EIO) }
      done += result
    }
  }
}
