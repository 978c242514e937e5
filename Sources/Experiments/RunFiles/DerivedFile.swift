import Foundation

/// A file made from the files of a run, and none of them.
enum DerivedFile {
  /// Refuses the name of a file that belongs to a run.
  ///
  /// - Throws: `RunError`
  static func check(_ path: String) throws(RunError) {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    guard let file = RunFolder.File(rawValue: url.lastPathComponent),
      RunFolder.holdsRun(url.deletingLastPathComponent().path)
    else { return }
    throw RunError(
      "\(path) is a run's own \(file.rawValue), and nothing of a run is overwritten: choose another "
        + "--output.")
  }
}
