import MessagePassing
import Runs
import Tensors

/// The facts that determine whether and how fast runs start, gathered once so that judging them
/// (``DoctorWarning``) is a function of plain values.
package struct MachineFacts: Sendable {
  /// The processor.
  package var processor: ProcessorDescription
  /// The number of cores that all ranks of this host may use together.
  package var cores: Int
  /// Bytes of free and reclaimable memory; nil if Linux does not report it.
  package var availableMemory: UInt64?
  /// Bytes of memory in total; nil if Linux does not report it.
  package var totalMemory: UInt64?
  /// Free bytes of `/dev/shm`, through which ranks of one host exchange messages; nil if missing.
  package var freeSharedMemory: UInt64?
  /// Whether the user is root.
  package var isRoot: Bool
  /// The environment variables.
  package var environment: [String: String]
  /// The number of ranks on this host that the advice is for.
  package var ranks: Int
  /// The path of `mpirun`; nil if it is not in `PATH`.
  package var launcher: String?
  /// The first line of `mpirun --version`.
  package var launcherVersion: String?
  /// The BLAS library.
  package var products: Products
  /// The convolution library.
  package var convolutions: Convolutions
  /// The results of testing some kernels on this machine.
  package var trials: [KernelTrial]
  /// The x86-64 level that the program was compiled for.
  package var buildLevel: String
  /// The folder of `--data`; nil if none was given.
  package var data: DataFolder?

  /// The BLAS library (OpenBLAS).
  package struct Products: Sendable {
    /// The kernels in use.
    package var kernels: String
    /// Version and build options.
    package var configuration: String
    /// Threads per product.
    package var threads: Int
  }

  /// The convolution library (oneDNN).
  package struct Convolutions: Sendable {
    /// The version.
    package var version: String
    /// The instruction set in use.
    package var instructionSet: String
    /// The support for `compute: bfloat16`.
    package var bfloat16: BFloat16Support
    /// Threads per convolution; nil if unknown.
    package var threads: Int?
    /// The kernels for the networks of all presets.
    package var kernels: KernelSurvey
  }

  /// The launch environment of the process.
  package var launched: LaunchEnvironment { LaunchEnvironment(environment) }
}
