import Foundation
import Glibc

/// A regular file that is read.
struct FileBytes: ~Copyable {
  /// How many bytes it has.
  let size: Int
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// Anything but a regular file is refused, and a pipe is not waited for.
  ///
  /// - Throws: what the system says, as the end of a sentence about the file.
  init(path: String) throws(FileProblem) {
    let opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    var status = stat()
    guard opened >= 0, fstat(opened, &status) == 0 else {
      let reason = String(cString: strerror(errno))
      if opened >= 0 { close(opened) }
      throw FileProblem(text: "cannot be read: \(reason)")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(opened)
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw FileProblem(text: "is \(isFolder ? "a folder" : "not a regular file")")
    }
    descriptor = opened
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Bytes from an offset on; the caller has checked that the file has them.
  func bytes(from offset: Int, count: Int) throws(FileProblem) -> Data {
    var data = Data(count: count)
    var done = 0
    var reason = "it has become shorter"
    data.withUnsafeMutableBytes { buffer in
      while done < count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
        let result = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
        if result < 0, errno == EINTR { continue }
        if result < 0 { reason = String(cString: strerror(errno)) }
        guard result > 0 else { return }
        done += result
      }
    }
    guard done == count else { throw FileProblem(text: "cannot be read: \(reason)") }
    return data
  }
}

/// Why a file cannot be read.
struct FileProblem: Error {
  /// A predicate whose subject is the file.
  let text: String
}
