/// Chooses kernels for OpenBLAS where its own choice is poor.
///
/// OpenBLAS 0.3.21 (Debian 12) does not know processors newer than itself and then uses its AVX2
/// kernels (`Haswell`, `Zen`) on machines with AVX-512, losing two thirds of the speed of large
/// products. It reads `OPENBLAS_CORETYPE` when it is loaded, before `main`, so a program that wants
/// other kernels must re-execute itself.
public enum KernelChoice {
  /// The environment variable that OpenBLAS reads.
  public static let variable = "OPENBLAS_CORETYPE"
  /// Records that this program has set ``variable`` itself, so that it does so only once.
  public static let guardVariable = "GLOCAL_BLAS_KERNELS"

  /// OpenBLAS's AVX-512 kernels.
  static let withAVX512 = ["SkylakeX", "Cooperlake", "SapphireRapids"]

  /// The kernels to restart with, or nil to keep those in use.
  ///
  /// - Parameters:
  ///   - kernels: those in use (``BLASLibrary/kernels``).
  ///   - choosesKernels: whether the library has others (``BLASLibrary/choosesKernels``).
  ///   - processor: the machine's processor.
  ///   - environment: the process's environment; a user's own choice is never overridden.
  public static func better(
    than kernels: String, choosesKernels: Bool, processor: ProcessorDescription,
    environment: [String: String]
  ) -> String? {
    guard choosesKernels, environment[variable] == nil, environment[guardVariable] == nil,
      isPoor(kernels, on: processor)
    else { return nil }
    return "SkylakeX"
  }

  /// Whether the processor has AVX-512 but the kernels do not use it.
  public static func isPoor(_ kernels: String, on processor: ProcessorDescription) -> Bool {
    processor.hasAVX512
      && !withAVX512.contains { $0.lowercased() == kernels.lowercased() }
  }
}
