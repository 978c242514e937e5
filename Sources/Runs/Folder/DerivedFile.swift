import Foundation
import Settings
import Storage

/// A file made from the files of a run, and none of them.
package enum DerivedFile {
  /// Refuses the name of a file that belongs to a run.
  ///
  /// - Throws: `RunError`
  package static func check(_ path: String) throws(RunError) {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    guard let file = RunFolder.File(rawValue: url.lastPathComponent),
      RunFolder.holdsRun(url.deletingLastPathComponent().path)
    else { return }
    throw RunError(
      "\(path) is a run's own \(file.rawValue), and nothing of a run is overwritten: choose another "
        + "--output.")
  }

  /// Writes a text, whole or not at all; into a pipe or a device, which is not to be replaced by a
  /// file, as it comes.
  ///
  /// - Throws: `RunError` for the name of a run's own file, `FileError`
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
