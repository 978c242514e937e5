import Glibc

/// The operating system reported an error on a file.
package struct FileError: Error, Equatable, CustomStringConvertible {
  /// The operation that failed.
  package enum Action: String, Sendable {
    case create, open, read, write, sync, rename
  }

  /// The file's path, as the user would write it.
  package let path: String
  /// The operation that failed.
  package let action: Action
  /// The system's error number (`errno`).
  package let code: Int32
  /// What is nevertheless safe on the disk; empty if there is nothing to say.
  package let kept: String

  /// Creates an error of the operating system.
  package init(path: String, action: Action, code: Int32, kept: String = "") {
    self.path = path
    self.action = action
    self.code = code
    self.kept = kept
  }

  /// The file, the cause, what was kept, and the remedy.
  package var description: String { sentence(anotherFolderBy: nil) }

  /// The description, naming the option that selects another folder.
  package func sentence(anotherFolderBy option: String?) -> String {
    let reason =
      code == ESPIPE
      ? "it is a pipe or a device, not a file"
      : strerror(code).map { String(cString: $0) } ?? "error \(code)"
    let sentence = "cannot \(action.rawValue) \(path): \(reason)."
    let remedy = remedy(option.map { " with \($0)" } ?? "")
    return [sentence, kept, remedy].filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func remedy(_ means: String) -> String {
    switch code {
    case ENOSPC, EDQUOT:
      "Free space on that disk, or choose a folder on another one\(means)."
    case EACCES, EPERM: "Change its permissions, or choose another folder\(means)."
    case EROFS: "That disk can only be read: choose another folder\(means)."
    case EMFILE, ENFILE: "Too many files are open: raise the limit with `ulimit -n`."
    case ESPIPE: "Put its content into a file, and name that."
    case EFBIG where action == .read:
      "It is not what belongs there: take a copy that is not damaged."
    case EFBIG: "The file would be too large for that disk or for `ulimit -f`."
    case EIO: "The disk or its network connection failed: look at the system's log."
    case ENOENT: "Check the path."
    default: "Choose another folder\(means), or look at the system's log."
    }
  }
}
