import Foundation
import MessagePassing
import Settings
import Tensors

/// Restarts this program, with other BLAS kernels or under `mpirun`.
///
/// For other kernels the process is replaced (`execv`), so its process ID, terminal and
/// redirections stay the same; under `mpirun` this process waits until its ranks end.
package enum ProgramStart {
  /// Occupies the file descriptors of standard input, output and error if they are closed.
  ///
  /// Another file could get them, and be written to by mistake. Writing to them remains an error.
  package static func holdStandardFiles() {
    for file in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(file, F_GETFD) < 0 {
      // open uses the lowest free descriptor, which is this one.
      _ = open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Keeps a training running after the reader of its output has closed the pipe: `run … | head`.
  package static func outliveReaders() { MessagePassing.outliveReaders() }

  /// Restarts the program if OpenBLAS has chosen poor kernels (``KernelChoice``).
  ///
  /// Call it first in `main`. Returns if nothing has to be changed, or nothing can be.
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

  /// Runs `body` on all ranks, like `withMessagePassing`, and reports errors in the words of
  /// `Error.words`.
  ///
  /// - Parameters:
  ///   - program: its name, with which its lines on stderr begin.
  ///   - needsRanks: whether a launcher's tasks must form one job.
  package static func withRanks<Value>(
    of program: String, needsRanks: Bool = true, _ body: (MessagePassingRuntime) throws -> Value
  ) -> Value {
    setProgramName(program)
    return withMessagePassing(needsRanks: needsRanks, words: { $0.words }, body)
  }

  /// Restarts the program under `mpirun` with the same arguments, and exits as its ranks do.
  ///
  /// - Parameters:
  ///   - ranks: the number of ranks, at least 2.
  ///   - threads: the threads of each rank in BLAS and oneDNN, unless the user's environment sets them.
  ///   - text: a configuration that cannot be read again; it becomes the standard input of the first
  ///     rank.
  /// - Throws: `LaunchError` if there is no `mpirun`, or it cannot be started; `RunError` if the
  ///   text cannot be passed on.
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
      // Arguments after a bare `--` are not options.
      if argument == "--" { return kept + [argument] + rest }
      if argument == "--ranks" {
        rest = rest.dropFirst()
      } else if !argument.hasPrefix("--ranks=") {
        kept.append(argument)
      }
    }
    return kept
  }

  /// The arguments with the value of `--config` replaced by `-`.
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

  /// Replaces standard input by a text in an unnamed file; a pipe would need a writer once this
  /// process has become `mpirun`.
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

  /// The first executable file with that name in the folders of a `PATH`.
  package static func executable(_ name: String, path: String) -> String? {
    path.split(separator: ":").lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// The path of this program.
  ///
  /// Not `/proc/self/exe` itself, which in a child of `mpirun` is `mpirun`.
  private static var path: String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  }

  /// Returns only if the program cannot be started; `errno` says why.
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
