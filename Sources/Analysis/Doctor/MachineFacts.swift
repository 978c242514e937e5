import MessagePassing
import Runs
import Tensors

/// What the speed and the start of a run depend on, gathered once so that the judgement of it
/// (``DoctorWarning``) is a function of plain values.
package struct MachineFacts: Sendable {
  /// The processor.
  package var processor: ProcessorDescription
  /// The cores that all ranks of this host together may use.
  package var cores: Int
  /// Bytes of memory that are free or can be freed; nil where Linux does not say.
  package var availableMemory: UInt64?
  /// Bytes of memory in all; nil where Linux does not say.
  package var totalMemory: UInt64?
  /// Free bytes of `/dev/shm`, through which ranks of one host exchange messages; nil if missing.
  package var freeSharedMemory: UInt64?
  /// Whether the user is root.
  package var isRoot: Bool
  /// The environment variables.
  package var environment: [String: String]
  /// The ranks on this host that the advice is for.
  package var ranks: Int
  /// The path of `mpirun`; nil if it is not in `PATH`.
  package var launcher: String?
  /// The first line of `mpirun --version`.
  package var launcherVersion: String?
  /// The BLAS library.
  package var products: Products
  /// The convolution library.
  package var convolutions: Convolutions
  /// What some kernels made of a trial on this machine.
  package var trials: [KernelTrial]
  /// The level of x86-64 that the program was compiled for.
  package var buildLevel: String
  /// The folder of `--data`; nil if none was given.
  package var data: DataFolder?

  /// The BLAS library (OpenBLAS).
  package struct Products: Sendable {
    /// The kernels in use.
    package var kernels: String
    /// Version and build options.
    package var configuration: String
    /// Threads of a product.
    package var threads: Int
  }

  /// The convolution library (oneDNN).
  package struct Convolutions: Sendable {
    /// The version.
    package var version: String
    /// The instruction set in use.
    package var instructionSet: String
    /// What there is for `compute: bfloat16`.
    package var bfloat16: BFloat16Support
    /// Threads of a convolution; nil if unknown.
    package var threads: Int?
    /// The kernels for the networks of all presets.
    package var kernels: KernelSurvey
  }

  /// Who started the process.
  package var launched: LaunchEnvironment { LaunchEnvironment(environment) }
}
