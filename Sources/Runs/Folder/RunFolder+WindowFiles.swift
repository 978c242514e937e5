import Glibc
import Presentation
import Storage

// Windows with many hyperparameters have their own files, in a folder next to `trajectory.jsonl`.
extension RunFolder {
  /// The name of that folder.
  package static let windowFolderName = "trajectory"

  /// A window file's name relative to the run's folder: `trajectory/window-000001.safetensors`.
  package static func name(ofWindow window: Int) -> String {
    "\(windowFolderName)/\(opening)\(NumberText.padded(window, to: 6))\(ending)"
  }

  /// The path of a window's file.
  package func path(ofWindow window: Int) -> String {
    (path.hasSuffix("/") ? path : "\(path)/") + Self.name(ofWindow: window)
  }

  /// The path of the folder with the window files.
  package var windowFolder: String {
    (path.hasSuffix("/") ? path : "\(path)/") + Self.windowFolderName
  }

  /// The windows that have files, ascending.
  package var filedWindows: [Int] {
    FolderListing.names(in: windowFolder).compactMap { name in
      guard name.hasPrefix(Self.opening), name.hasSuffix(Self.ending) else { return nil }
      return Int(name.dropFirst(Self.opening.count).dropLast(Self.ending.count))
    }.sorted()
  }

  /// Writes a window's file atomically, and creates the folder for the first one.
  ///
  /// - Throws: `FileError`
  package func write(
    _ tensors: [NamedTensor<Double>], ofWindow window: Int
  ) throws(FileError) -> FileMark {
    if mkdir(windowFolder, 0o777) == 0 {
      AtomicFile.syncFolder(of: windowFolder)
    } else if errno != EEXIST {
      throw FileError(path: windowFolder, action: .create, code: errno)
    }
    try SafeTensorsFile.write(tensors, to: path(ofWindow: window))
    return try FileMark(of: path(ofWindow: window))
  }

  /// Removes the files of windows that will be trained again, and temporary files of killed
  /// processes.
  ///
  /// - Throws: `FileError`
  package func removeWindowFiles(after last: Int) throws(FileError) {
    AtomicFile.removeLeftovers(in: windowFolder)
    for window in filedWindows where window > last {
      guard unlink(path(ofWindow: window)) == 0 || errno == ENOENT else {
        throw FileError(path: path(ofWindow: window), action: .write, code: errno)
      }
    }
    // Fails if it is not empty, or does not exist.
    _ = rmdir(windowFolder)
  }

  private static let opening = "window-"
  private static let ending = ".safetensors"
}
