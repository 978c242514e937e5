import Foundation
import MessagePassing
import Runs
import Tensors

/// The output of `glocal-dist --version`: the versions of the program and of its libraries.
package enum VersionReport {
  /// The versions, one per line, as in `doctor`.
  package static func text() -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let launcher = ProgramStart.executable("mpirun", path: path)
    let facts = lines(
      launcher: launcher, launcherVersion: launcher.flatMap(MachineFacts.firstLineOfVersion),
      products: BLASLibrary.configuration, convolutions: ConvolutionLibrary.version,
      buildLevel: BuildTarget.level)
    return facts.map { "\($0.name) \($0.value)" }.joined(separator: "\n")
  }

  /// The same as facts of `doctor`.
  static func lines(
    launcher: String?, launcherVersion: String?, products: String, convolutions: String,
    buildLevel: String
  ) -> [(name: String, value: String)] {
    let version = launcherVersion ?? "does not tell its version"
    return [
      ("glocal-dist", "\(programVersion), compiled for \(buildLevel)"),
      ("MPI launcher", launcher.map { "\(version) (\($0))" } ?? "none in PATH"),
      ("MPI library", MessagePassingRuntime.libraryVersion()), ("BLAS", products),
      ("oneDNN", convolutions),
    ]
  }
}
