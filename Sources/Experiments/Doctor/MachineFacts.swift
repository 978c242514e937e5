import MessagePassing
import Tensors

/// What the speed and the start of a run depend on, gathered once so that the judgement of it
/// (``DoctorWarning``) is a function of plain values.
public struct MachineFacts: Sendable {
  /// The processor.
  public var processor: ProcessorDescription
  /// The cores that all ranks of this host together may use.
  public var cores: Int
  /// Bytes of memory that are free or can be freed; nil where Linux does not say.
  public var availableMemory: UInt64?
  /// Bytes of memory in all; nil where Linux does not say.
  public var totalMemory: UInt64?
  /// Free bytes of `/dev/shm`, through which ranks of one host exchange messages; nil if missing.
  public var freeSharedMemory: UInt64?
  /// Whether the user is root.
  public var isRoot: Bool
  /// The environment variables.
  public var environment: [String: String]
  /// The ranks on this host that the advice is for.
  public var ranks: Int
  /// The path of `mpirun`; nil if it is not in `PATH`.
  public var launcher: String?
  /// The first line of `mpirun --version`.
  public var launcherVersion: String?
  /// The BLAS library.
  public var products: Products
  /// The convolution library.
  public var convolutions: Convolutions
  /// What some kernels made of a trial on this machine.
  public var trials: [KernelTrial]
  /// The level of x86-64 that the program was compiled for.
  public var buildLevel: String
  /// The folder of `--data`; nil if none was given.
  public var data: DataFolder?

  /// The BLAS library (OpenBLAS).
  public struct Products: Sendable {
    /// The kernels in use.
    public var kernels: String
    /// Version and build options.
    public var configuration: String
    /// Threads of a product.
    public var threads: Int
  }

  /// The convolution library (oneDNN).
  public struct Convolutions: Sendable {
    /// The version.
    public var version: String
    /// The instruction set in use.
    public var instructionSet: String
    /// What there is for `compute: bfloat16`.
    public var bfloat16: BFloat16Support
    /// Threads of a convolution; nil if unknown.
    public var threads: Int?
    /// The kernels for the networks of all presets.
    public var kernels: KernelSurvey
  }

  /// Who started the process.
  public var launched: LaunchEnvironment { LaunchEnvironment(environment) }
}
