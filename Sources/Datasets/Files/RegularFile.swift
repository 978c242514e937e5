import Foundation

/// An open file of a data set, read by position.
///
/// A pipe or a device is refused: it has no size to check against what its header announces, and can
/// hang or never end.
final class RegularFile: Sendable {
  let path: String
  /// Its bytes on the disk.
  let size: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: `DatasetError` when it cannot be opened, or is no regular file.
  init(_ path: String) throws(DatasetError) {
    self.path = path
    // Without O_NONBLOCK a pipe that nobody writes to would be waited for here.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      size = 0
      throw DatasetError.unreadable(path, errno)
    }
    size = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DatasetError(
        path, "is a \(Self.kind(status.st_mode)), not a file", remedy: "Put the file itself there.")
    }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  private static func kind(_ mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "folder"
    case S_IFIFO: "pipe"
    case S_IFSOCK: "socket"
    default: "device"
    }
  }

  /// Fills the buffer from a position on, as far as the file goes.
  ///
  /// - Returns: how many bytes there were.
  func read(
    at position: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(DatasetError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(descriptor, rest.baseAddress, min(rest.count, 1 << 30), position + done)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw DatasetError.unreadable(path, errno) }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Up to `count` bytes from a position on; fewer where the file ends.
  func bytes(at position: Int, upTo count: Int) throws(DatasetError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, min(count, size - position)))
    var failure: DatasetError?
    let found = bytes.withUnsafeMutableBytes { buffer in
      do throws(DatasetError) {
        return try read(at: position, into: buffer)
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return found == bytes.count ? bytes : Array(bytes.prefix(found))
  }
}
