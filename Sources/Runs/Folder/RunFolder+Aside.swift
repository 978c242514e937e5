import Foundation
import Glibc
import Storage

// A run's results are never overwritten: they are kept under another name.
extension RunFolder {
  /// The files with a run's results.
  package static let results: [File] = [
    .summary, .model, .graph, .weightNetwork, .weightFunction, .exampleWeights, .lowestWeights,
  ]

  /// The files that grow window by window.
  package static let growing: [File] = [.windows, .trajectory, .weights]

  /// Everything that a run starting over would overwrite.
  package static let records = File.allCases.filter { ![.configuration, .log].contains($0) }

  /// Moves files into a new folder `aside-1`, `aside-2` … of the run, with a copy of `config.yaml`.
  ///
  /// - Parameters:
  ///   - files: the files to move.
  ///   - copied: the files to copy, keeping the originals.
  /// - Returns: the path of that folder; nil if all files are empty or missing.
  /// - Throws: `FileError`; files moved before the error are in the new folder.
  package func putAside(_ files: [File], copying copied: [File] = []) throws(FileError) -> String? {
    guard !(files + copied).allSatisfy(isEmpty) else { return nil }
    let aside = try makeAside()
    for file in copied + [.configuration] where !hasNoBytes(file) {
      do {
        try FileManager.default.copyItem(atPath: path(of: file), toPath: aside.path(of: file))
      } catch {
        throw FileError(path: aside.path(of: file), action: .write, code: Self.code(of: error))
      }
    }
    if !filedWindows.isEmpty {
      // Window files go with the lines that reference them.
      if copied.contains(.trajectory) { try copyWindowFiles(to: aside) }
      if files.contains(.trajectory), rename(windowFolder, aside.windowFolder) != 0 {
        throw FileError(path: aside.windowFolder, action: .rename, code: errno)
      }
    }
    // The file that marks a finished run is moved last.
    for file in files.reversed() where !hasNoBytes(file) {
      guard rename(path(of: file), aside.path(of: file)) == 0 else {
        throw FileError(path: aside.path(of: file), action: .rename, code: errno)
      }
    }
    AtomicFile.syncFolder(of: aside.path(of: .configuration))
    AtomicFile.syncFolder(of: path(of: .configuration))
    return aside.path
  }

  private func isEmpty(_ file: File) -> Bool {
    if file == .trajectory, !filedWindows.isEmpty { return false }
    return hasNoBytes(file)
  }

  private func hasNoBytes(_ file: File) -> Bool {
    var status = stat()
    return stat(path(of: file), &status) != 0 || status.st_size == 0
  }

  private func copyWindowFiles(to aside: RunFolder) throws(FileError) {
    do {
      try FileManager.default.copyItem(atPath: windowFolder, toPath: aside.windowFolder)
    } catch {
      throw FileError(path: aside.windowFolder, action: .write, code: Self.code(of: error))
    }
  }

  private func makeAside() throws(FileError) -> RunFolder {
    let start = path.hasSuffix("/") ? path : "\(path)/"
    var number = 1
    while true {
      let aside = RunFolder(known: "\(start)aside-\(number)")
      if mkdir(aside.path, 0o777) == 0 { return aside }
      guard errno == EEXIST else {
        throw FileError(path: aside.path, action: .create, code: errno)
      }
      number += 1
    }
  }

  /// The system error number underlying a Foundation error.
  private static func code(of error: any Error) -> Int32 {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return underlying.map { Int32($0.code) } ?? EIO
  }
}
