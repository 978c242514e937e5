import Foundation
import Tensors

/// Starts this program again: with other BLAS kernels, or under `mpirun`.
///
/// Both replace the process (`execv`), so process id, terminal and redirections stay.
public enum ProgramStart {
  /// Starts the program once more when OpenBLAS has chosen poor kernels (``KernelChoice``).
  ///
  /// Call it first in `main`. Returns when nothing is to be changed, or nothing can be.
  public static func chooseKernels() {
    let kernels = KernelChoice.better(
      than: BLASLibrary.kernels, choosesKernels: BLASLibrary.choosesKernels,
      processor: .ofThisMachine, environment: ProcessInfo.processInfo.environment)
    guard let kernels, let program = Self.path else { return }
    setenv(KernelChoice.variable, kernels, 1)
    setenv(KernelChoice.guardVariable, kernels, 1)
    replaceProcess(program, CommandLine.arguments)
    // Slower kernels are no reason to stop.
    unsetenv(KernelChoice.variable)
    unsetenv(KernelChoice.guardVariable)
  }

  /// Starts the program again under `mpirun`; does not return.
  ///
  /// - Parameters:
  ///   - ranks: how many ranks, from 2.
  ///   - threads: the threads of each rank in BLAS and oneDNN.
  /// - Throws: ``LaunchProblem`` when there is no `mpirun`, or it cannot be started.
  public static func launch(ranks: Int, threads: Int) throws(LaunchProblem) -> Never {
    let environment = ProcessInfo.processInfo.environment
    guard let launcher = executable("mpirun", path: environment["PATH"] ?? "") else {
      throw LaunchProblem(
        description: "--ranks needs mpirun, which is not in PATH. Install Open MPI (Debian: "
          + "apt-get install openmpi-bin), or leave --ranks out for one rank.")
    }
    guard let program = Self.path else {
      throw LaunchProblem(
        description: "cannot find this program's own file through /proc/self/exe. "
          + "Start it with mpirun -n \(ranks) instead of --ranks.")
    }
    let launch = SelfLaunch(
      ranks: ranks, launcher: launcher, program: program,
      arguments: Array(CommandLine.arguments.dropFirst()),
      machine: SelfLaunch.Machine(
        cores: MachineFacts.usableCores(), isRoot: geteuid() == 0,
        hasTerminal: isatty(STDOUT_FILENO) == 1, environment: environment),
      threads: threads)
    for (name, value) in launch.environment { setenv(name, value, 1) }
    replaceProcess(launcher, launch.command)
    let reason = String(cString: strerror(errno))
    throw LaunchProblem(description: "cannot start \(launcher): \(reason).")
  }

  /// The first executable file of that name in the folders of a `PATH`.
  static func executable(_ name: String, path: String) -> String? {
    path.split(separator: ":").lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// This program's file.
  ///
  /// Not `/proc/self/exe` itself: in a child of `mpirun` that is `mpirun`.
  private static var path: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  }

  /// Returns only when the program cannot be started; `errno` says why.
  private static func replaceProcess(_ program: String, _ arguments: [String]) {
    fflush(nil)
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    pointers.append(nil)
    _ = execv(program, pointers)
    let reason = errno
    for pointer in pointers { free(pointer) }
    errno = reason
  }
}

/// Why the program could not be started under a launcher.
public struct LaunchProblem: Error, Equatable, CustomStringConvertible {
  /// One sentence with the remedy.
  public let description: String
}
