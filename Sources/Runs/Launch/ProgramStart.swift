import Foundation
import MessagePassing
import Settings
import Tensors

/// Starts this program again: with other BLAS kernels, or under `mpirun`.
///
/// The first replaces the process (`execv`), so process id, terminal and redirections stay; under
/// `mpirun` this process stays with its ranks until they end.
package enum ProgramStart {
  /// Takes the numbers of standard input, output and error where they are closed.
  ///
  /// Another file could get them, and be written to in their place. Writing to them stays an error.
  package static func holdStandardFiles() {
    for file in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(file, F_GETFD) < 0 {
      // The lowest number that is free: this one.
      _ = open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Lets a training go on when whoever reads its output has seen enough: `run … | head`.
  package static func outliveReaders() { MessagePassing.outliveReaders() }

  /// Starts the program once more when OpenBLAS has chosen poor kernels (``KernelChoice``).
  ///
  /// Call it first in `main`. Returns when nothing is to be changed, or nothing can be.
  package static func chooseKernels() {
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

  /// Does a program's work on all ranks, as `withMessagePassing` does, and says what goes wrong in the
  /// words of `Error.words`.
  ///
  /// - Parameters:
  ///   - program: its name, with which its lines on stderr begin.
  ///   - needsRanks: whether a launcher's tasks have to become one job.
  package static func withRanks<Value>(
    of program: String, needsRanks: Bool = true, _ body: (MessagePassingRuntime) throws -> Value
  ) -> Value {
    setProgramName(program)
    return withMessagePassing(needsRanks: needsRanks, words: { $0.words }, body)
  }

  /// Starts the program again under `mpirun`, with the arguments it has, and ends as its ranks do.
  ///
  /// - Parameters:
  ///   - ranks: how many ranks, from 2.
  ///   - threads: the threads of each rank in BLAS and oneDNN, where the user's environment does not
  ///     say.
  ///   - text: a configuration that cannot be read again: it becomes the standard input of the first
  ///     rank.
  /// - Throws: `LaunchError` when there is no `mpirun`, or it cannot be started; `RunError` when the
  ///   text cannot be handed on.
  package static func launch(
    ranks: Int, threads: Int, text: ConfigurationText? = nil
  ) throws -> Never {
    var arguments = withoutRanks(Array(CommandLine.arguments.dropFirst()))
    if let text {
      try becomeStandardInput(text.yaml)
      arguments = withStandardInput(arguments)
    }
    try launchRanks(
      ranks, arguments: arguments,
      // The libraries read these when they are loaded.
      environment: ["OMP_NUM_THREADS": "\(threads)", "OPENBLAS_NUM_THREADS": "\(threads)"])
  }

  /// The arguments without `--ranks N` and `--ranks=N`.
  package static func withoutRanks(_ arguments: [String]) -> [String] {
    var kept: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      // What follows a bare `--` is no option.
      if argument == "--" { return kept + [argument] + rest }
      if argument == "--ranks" {
        rest = rest.dropFirst()
      } else if !argument.hasPrefix("--ranks=") {
        kept.append(argument)
      }
    }
    return kept
  }

  /// The arguments with `--config -` for whatever `--config` named.
  package static func withStandardInput(_ arguments: [String]) -> [String] {
    var kept: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" { return kept + [argument] + rest }
      if argument == "--config" {
        rest = rest.dropFirst()
        kept += ["--config", "-"]
      } else {
        kept.append(argument.hasPrefix("--config=") ? "--config=-" : argument)
      }
    }
    return kept
  }

  /// Puts a text where standard input was: in a file without a name, since a pipe would need somebody
  /// to fill it once this process has become `mpirun`.
  private static func becomeStandardInput(_ text: String) throws(RunError) {
    let bytes = Array(text.utf8)
    guard let file = tmpfile(), fwrite(bytes, 1, bytes.count, file) == bytes.count,
      fflush(file) == 0, lseek(fileno(file), 0, SEEK_SET) == 0,
      dup2(fileno(file), STDIN_FILENO) == STDIN_FILENO
    else {
      let reason = String(cString: strerror(errno))
      throw RunError(
        "the configuration cannot be handed on to the ranks (\(reason)). Give --config a file.")
    }
  }

  /// The first executable file of that name in the folders of a `PATH`.
  package static func executable(_ name: String, path: String) -> String? {
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
