import Glibc

/// Replaces a whole file atomically: its name refers to the old content or the new, never a part.
///
/// The bytes go to a temporary file in the same folder, are synced, and replace the file by
/// rename(2). On failure the temporary file is removed and the original is untouched.
package enum AtomicFile {
  /// Separates a file's name from the process number in the name of its temporary file.
  private static let temporaryMark = ".partial-"

  /// Removes temporary files that killed processes have left in a folder.
  package static func removeLeftovers(in folder: String) {
    for name in FolderListing.names(in: folder) where name.contains(temporaryMark) {
      _ = unlink("\(folder)/\(name)")
    }
  }

  /// Writes the pieces that `content` passes to its argument.
  package static func write(
    to path: String,
    content: (_ piece: (UnsafeRawBufferPointer) throws(FileError) -> Void) throws(FileError) -> Void
  ) throws(FileError) {
    try fill(path) { (file: OutputFile, kept: String) throws(FileError) in
      try content { (piece: UnsafeRawBufferPointer) throws(FileError) in
        try file.write(piece, kept: kept)
      }
    }
  }

  /// Lets `content` fill the temporary file; its second argument says what is kept if that fails.
  package static func fill(
    _ path: String, content: (_ file: OutputFile, _ kept: String) throws(FileError) -> Void
  ) throws(FileError) {
    let temporary = "\(path)\(temporaryMark)\(getpid())"
    let kept =
      access(path, F_OK) == 0
      ? "The earlier file is as it was." : "No file was left under that name."
    do throws(FileError) {
      let file = try OutputFile(path: temporary, shownAs: path, flags: O_CREAT | O_TRUNC)
      try content(file, kept)
      try file.syncAndClose(kept: kept)
      guard rename(temporary, path) == 0 else {
        throw FileError(path: path, action: .rename, code: errno, kept: kept)
      }
    } catch {
      _ = unlink(temporary)
      throw error
    }
    syncFolder(of: path)
  }

  /// Writes a text.
  package static func write(_ text: String, to path: String) throws(FileError) {
    let bytes = Array(text.utf8)
    try write(to: path) { piece throws(FileError) in
      try bytes.forEachPiece(piece)
    }
  }

  // Makes the new name survive a power failure. Not every file system supports this, so a failure
  // is not an error: the file's own bytes are already safe.
  package static func syncFolder(of path: String) {
    let end = path.lastIndex(of: "/")
    let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    _ = close(descriptor)
  }
}

extension Array {
  /// Passes the array's bytes to a writer; `withUnsafeBytes` does not support typed errors.
  package func forEachPiece(
    _ piece: (UnsafeRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) {
    let result = withUnsafeBytes { bytes -> Result<Void, FileError> in
      do throws(FileError) {
        return .success(try piece(bytes))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }
}
