import Glibc

/// What exists at a path.
package enum PathKind {
  case nothing, folder, other

  /// Asks the file system; follows symbolic links.
  package init(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      self = .nothing
      return
    }
    self = status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
  }
}
