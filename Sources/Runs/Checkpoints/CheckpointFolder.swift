import Glibc
import Presentation
import Storage

/// The folder `checkpoints` of a run: `window-000010.safetensors` and so on.
///
/// Only the root rank accesses it and sends the other ranks their data, so no file system shared by
/// all hosts is needed.
package struct CheckpointFolder {
  /// The folder's path.
  package let path: String

  /// The path of the checkpoint after a window.
  package func file(window: Int) -> String {
    "\(path)/\(Self.opening)\(NumberText.padded(window, to: 6))\(Self.ending)"
  }

  /// The windows that have checkpoints, ascending.
  var windows: [Int] {
    FolderListing.names(in: path).compactMap { name in
      guard name.hasPrefix(Self.opening), name.hasSuffix(Self.ending) else { return nil }
      return Int(name.dropFirst(Self.opening.count).dropLast(Self.ending.count))
    }.sorted()
  }

  /// Opens the checkpoint after a window.
  ///
  /// - Throws: `CheckpointDamage` if it cannot be used.
  package func checkpoint(window: Int) throws(CheckpointDamage) -> CheckpointFile {
    let path = file(window: window)
    let file = try CheckpointFile(verifying: path)
    guard file.record.window == window else {
      throw CheckpointDamage(
        path: path, reason: "it is of window \(file.record.window), and its name says \(window)")
    }
    return file
  }

  /// The newest usable checkpoint, and what is wrong with newer ones.
  ///
  /// - Parameter isUsable: throws if an undamaged checkpoint does not fit and older ones would not
  ///   either.
  /// - Throws: errors of `isUsable`, and `CheckpointDamage` for a checkpoint of another version.
  package func newest(
    where isUsable: (CheckpointFile) throws -> Bool
  ) throws -> (file: CheckpointFile?, damages: [CheckpointDamage]) {
    var damages: [CheckpointDamage] = []
    for window in windows.reversed() {
      let file: CheckpointFile
      do throws(CheckpointDamage) {
        file = try checkpoint(window: window)
      } catch {
        guard error.isDamaged else { throw error }
        damages.append(error)
        continue
      }
      if try isUsable(file) { return (file, damages) }
    }
    return (nil, damages)
  }

  /// Creates the folder if it does not exist.
  ///
  /// - Throws: `FileError`
  package func make() throws(FileError) {
    guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
    throw FileError(path: path, action: .create, code: errno)
  }

  /// Removes all but the last `count` checkpoints.
  package func prune(keeping count: Int) {
    for window in windows.dropLast(count) { _ = unlink(file(window: window)) }
  }

  /// Removes all checkpoints but that of a window.
  package func keepOnly(window: Int) {
    for other in windows where other != window { _ = unlink(file(window: other)) }
  }

  /// Moves the checkpoints after a window aside: they could not be used, and must not count among
  /// those to keep.
  package func putAside(after last: Int) {
    for window in windows where window > last {
      _ = rename(file(window: window), file(window: window) + ".unusable")
    }
  }

  private static let opening = "window-"
  private static let ending = ".safetensors"
}
