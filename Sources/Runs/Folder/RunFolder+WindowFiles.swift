import Glibc
import Presentation
import Storage

// Windows with many hyperparameters have files of their own, in a folder beside `trajectory.jsonl`.
extension RunFolder {
  /// The name of that folder.
  package static let windowFolderName = "trajectory"

  /// The name of a window's file in the run's folder: `trajectory/window-000001.safetensors`.
  package static func name(ofWindow window: Int) -> String {
    "\(windowFolderName)/\(opening)\(NumberText.padded(window, to: 6))\(ending)"
  }

  /// The path of a window's file.
  package func path(ofWindow window: Int) -> String {
    (path.hasSuffix("/") ? path : "\(path)/") + Self.name(ofWindow: window)
  }

  /// The path of the folder with the files of windows.
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

  /// Writes a window's file, whole or not at all, and makes the folder where it is the first.
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

  /// Takes away the files of windows that will be trained anew, and what killed processes have left.
  ///
  /// - Throws: `FileError`
  package func removeWindowFiles(after last: Int) throws(FileError) {
    AtomicFile.removeLeftovers(in: windowFolder)
    for window in filedWindows where window > last {
      guard unlink(path(ofWindow: window)) == 0 || errno == ENOENT else {
        throw FileError(path: path(ofWindow: window), action: .write, code: errno)
      }
    }
    // Fails where it is not empty, or not there.
    _ = rmdir(windowFolder)
  }

  private static let opening = "window-"
  private static let ending = ".safetensors"
}
