import Foundation
import Settings
import Storage

/// A file derived from the files of a run, but not one of them.
package enum DerivedFile {
  /// Rejects a path that belongs to a run.
  ///
  /// - Throws: `RunError`
  package static func check(_ path: String) throws(RunError) {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    guard let name = ownName(url) else { return }
    throw RunError(
      "\(path) is a run's own \(name), and nothing of a run is overwritten: choose another "
        + "--output.")
  }

  private static func ownName(_ url: URL) -> String? {
    let (name, folder) = (url.lastPathComponent, url.deletingLastPathComponent())
    if RunFolder.File(rawValue: name) != nil, RunFolder.holdsRun(folder.path) { return name }
    guard folder.lastPathComponent == RunFolder.windowFolderName else { return nil }
    let run = RunFolder(known: folder.deletingLastPathComponent().path)
    let inside = "\(RunFolder.windowFolderName)/\(name)"
    return RunFolder.holdsRun(run.path)
      && run.filedWindows.contains { RunFolder.name(ofWindow: $0) == inside } ? inside : nil
  }

  /// Writes a text atomically; to a pipe or a device, which must not be replaced by a file,
  /// directly.
  ///
  /// - Throws: `RunError` for the path of a run's own file, `FileError`
  package static func write(_ text: String, to path: String) throws {
    try check(path)
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else {
      return try AtomicFile.write(text, to: path)
    }
    let file = try OutputFile(path: path, flags: 0)
    try Array(text.utf8).forEachPiece { piece throws(FileError) in
      try file.write(piece, kept: "")
    }
    try file.syncAndClose(kept: "")
  }
}
