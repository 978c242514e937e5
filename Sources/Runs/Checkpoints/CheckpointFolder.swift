import Glibc
import Presentation
import Storage

/// The folder `checkpoints` of a run: `window-000010.safetensors` and so on.
///
/// Only the root rank looks into it; the other ranks get their numbers from the root, so a file system
/// that all hosts share is not needed.
package struct CheckpointFolder {
  /// The folder's path.
  package let path: String

  /// The file of the checkpoint after a window.
  package func file(window: Int) -> String {
    "\(path)/\(Self.opening)\(NumberText.padded(window, to: 6))\(Self.ending)"
  }

  /// The windows after which there are checkpoints, ascending.
  var windows: [Int] {
    FolderListing.names(in: path).compactMap { name in
      guard name.hasPrefix(Self.opening), name.hasSuffix(Self.ending) else { return nil }
      return Int(name.dropFirst(Self.opening.count).dropLast(Self.ending.count))
    }.sorted()
  }

  /// Opens the checkpoint after a window.
  ///
  /// - Throws: `CheckpointDamage` when it cannot be used.
  package func checkpoint(window: Int) throws(CheckpointDamage) -> CheckpointFile {
    let path = file(window: window)
    let file = try CheckpointFile(verifying: path)
    guard file.record.window == window else {
      throw CheckpointDamage(
        path: path, reason: "it is of window \(file.record.window), and its name says \(window)")
    }
    return file
  }

  /// The newest checkpoint that can be used, and what is wrong with those after it.
  ///
  /// - Parameter isUsable: throws when an undamaged checkpoint does not fit, and an older one would not
  ///   either.
  /// - Throws: what that throws, and `CheckpointDamage` about one of another version.
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

  /// Makes the folder if it is not there.
  ///
  /// - Throws: `FileError`
  package func make() throws(FileError) {
    guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
    throw FileError(path: path, action: .create, code: errno)
  }

  /// Removes all checkpoints but the last ones.
  package func prune(keeping count: Int) {
    for window in windows.dropLast(count) { _ = unlink(file(window: window)) }
  }

  /// Removes all checkpoints but that of a window.
  package func keepOnly(window: Int) {
    for other in windows where other != window { _ = unlink(file(window: other)) }
  }

  /// Puts the checkpoints after a window aside: they could not be used, and must not be counted among
  /// those that are kept.
  package func putAside(after last: Int) {
    for window in windows where window > last {
      _ = rename(file(window: window), file(window: window) + ".unusable")
    }
  }

  private static let opening = "window-"
  private static let ending = ".safetensors"
}
