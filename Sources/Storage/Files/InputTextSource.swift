import Glibc

/// An open file, pipe or terminal that a text is read from.
final class InputTextSource {
  let isStandardInput: Bool
  let isFile: Bool
  private let descriptor: Int32
  /// Whether it is a named pipe, whose writer may come later, or never.
  private let isNamedPipe: Bool

  /// The timeout in seconds for the first bytes from a named pipe.
  ///
  /// Any other pipe ends when its writer does, however long that takes.
  private static let patience = 10

  /// Whether a path refers to standard input.
  static func isStandardInput(_ path: String) -> Bool {
    ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].contains(path)
  }

  /// Opens a path; `-` is standard input.
  ///
  /// - Parameter isLaunched: whether a launcher such as mpirun has started this process.
  /// - Throws: `InputText.Problem`
  init(_ path: String, isLaunched: Bool) throws(InputText.Problem) {
    isStandardInput = Self.isStandardInput(path)
    if isStandardInput {
      descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
    } else {
      // Without O_NONBLOCK, waiting for a pipe without a writer could not time out.
      descriptor = open(
        try Self.reachable(path, isLaunched: isLaunched),
        O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    }
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      (isFile, isNamedPipe) = (false, false)
      throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(code: errno)
    }
    let kind = status.st_mode & S_IFMT
    isFile = kind == S_IFREG && !isStandardInput
    isNamedPipe = kind == S_IFIFO && !Self.isAnonymous(descriptor)
    guard kind != S_IFDIR else { throw .folder }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Reads to the end.
  ///
  /// - Throws: `InputText.Problem`, also if there are more than `limit` bytes.
  func bytes(limit: Int) throws(InputText.Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let start = ContinuousClock.now
    while bytes.count <= limit {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let isLimited = isNamedPipe && bytes.isEmpty
      let answer = poll(&waiting, 1, isLimited ? Int32(Self.patience) * 1000 : -1)
      if answer < 0, errno == EINTR { continue }
      if answer == 0 { throw .silent }
      let count = read(descriptor, &piece, piece.count)
      if count > 0 {
        bytes += piece[..<count]
      } else if count < 0 {
        guard errno == EINTR || errno == EAGAIN else {
          throw errno == EISDIR ? .folder : .unreadable(code: errno)
        }
      } else if isNamedPipe, bytes.isEmpty {
        // Either the end, or nobody has started to write.
        guard ContinuousClock.now - start < .seconds(Self.patience) else { throw .silent }
        usleep(20_000)
      } else {
        return bytes
      }
    }
    throw .tooLong
  }

  /// The path that can be opened here: what the shell calls `/dev/fd/63` is open in mpirun, but not
  /// in the ranks it starts.
  private static func reachable(
    _ path: String, isLaunched: Bool
  ) throws(InputText.Problem) -> String {
    guard isLaunched,
      let folder = ["/dev/fd/", "/proc/self/fd/"].first(where: { path.hasPrefix($0) })
    else { return path }
    let launcher = getppid()
    guard
      ["mpirun", "mpiexec", "orterun", "prterun", "prte"].contains(
        where: target(of: "/proc/\(launcher)/exe").hasSuffix)
    else { throw .notHandedOn }
    return "/proc/\(launcher)/fd/\(path.dropFirst(folder.count))"
  }

  /// Whether a pipe is anonymous, so that no other writer can open it.
  private static func isAnonymous(_ descriptor: Int32) -> Bool {
    target(of: "/proc/self/fd/\(descriptor)").hasPrefix("pipe:")
  }

  /// The target of a symbolic link; empty if there is none.
  private static func target(of link: String) -> String {
    var name = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink(link, &name, name.count)
    return String(
      decoding: name.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
