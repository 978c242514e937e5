import Glibc

/// An open file for writing; the only caller of write(2).
package final class OutputFile {
  package let path: String
  private let descriptor: Int32
  private var isOpen = true

  /// Opens a file for writing; `flags` are those of open(2) in addition to `O_WRONLY`.
  package init(path: String, shownAs shown: String? = nil, flags: Int32) throws(FileError) {
    self.path = shown ?? path
    descriptor = open(path, O_WRONLY | O_CLOEXEC | flags, 0o666)
    if descriptor < 0 {
      isOpen = false
      throw FileError(path: self.path, action: .create, code: errno)
    }
  }

  deinit { if isOpen { _ = Glibc.close(descriptor) } }

  /// Writes all bytes, continuing after short writes; an error reports the number of bytes written
  /// so far.
  package func write(_ bytes: UnsafeRawBufferPointer, kept: String) throws(FileError) {
    var written = 0
    while written < bytes.count {
      // Linux writes at most 2 GiB per call anyway.
      let count = min(bytes.count - written, 1 << 30)
      let result = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, count)
      if result < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, action: .write, code: errno, kept: kept)
      }
      // POSIX allows 0 only if there is nothing to write; treat it as a full disk instead of
      // looping.
      if result == 0 { throw FileError(path: path, action: .write, code: ENOSPC, kept: kept) }
      written += result
    }
  }

  /// Truncates the file, so that no partially written line remains.
  package func truncate(to length: Int) -> Bool { ftruncate(descriptor, off_t(length)) == 0 }

  /// The outcome of locking a file.
  package enum LockOutcome {
    /// This process now holds the lock.
    case taken
    /// Another process holds the lock.
    case held
    /// The file system does not support locks.
    case unsupported
  }

  /// Locks the file against other processes until this one closes it or ends: flock(2).
  ///
  /// - Parameter seconds: how long to wait for another process to release it.
  package func lock(waiting seconds: Double) -> LockOutcome {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { return .unsupported }
      if ContinuousClock.now > deadline { return .held }
      usleep(50_000)
    }
    return .taken
  }

  /// Whether the file is empty, whoever may have written to it.
  package var isEmpty: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_size == 0
  }

  /// Overwrites the bytes at a position.
  package func overwrite(_ bytes: [UInt8], at position: Int, kept: String) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let result = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress.map { $0 + written }, $0.count - written,
          off_t(position + written))
      }
      if result < 0 && errno == EINTR { continue }
      guard result > 0 else {
        throw FileError(
          path: path, action: .write, code: result < 0 ? errno : ENOSPC, kept: kept)
      }
      written += result
    }
  }

  /// Waits until the bytes are on the disk: fsync(2).
  package func sync(kept: String) throws(FileError) {
    // Pipes and devices cannot be synced, and need not be.
    if fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS {
      throw FileError(path: path, action: .sync, code: errno, kept: kept)
    }
  }

  /// Waits until the bytes are on the disk and closes the file.
  package func syncAndClose(kept: String) throws(FileError) {
    try sync(kept: kept)
    isOpen = false
    // Network disks may report a full disk only here.
    if Glibc.close(descriptor) != 0 && errno != EINTR {
      throw FileError(path: path, action: .write, code: errno, kept: kept)
    }
  }
}
