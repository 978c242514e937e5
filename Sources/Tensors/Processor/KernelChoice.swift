/// Decides which kernels OpenBLAS should use where its own choice is poor.
///
/// OpenBLAS 0.3.21, Debian 12's, does not know processors newer than itself and then takes its
/// AVX2 kernels (`Haswell`, `Zen`) on machines with AVX-512: two thirds of the speed of large
/// products are lost. It reads `OPENBLAS_CORETYPE` when it is loaded, before `main`, so a program
/// that wants other kernels must start itself again.
public enum KernelChoice {
  /// The environment variable that OpenBLAS reads.
  public static let variable = "OPENBLAS_CORETYPE"
  /// Remembers that this program set ``variable`` itself, and that it does so only once.
  public static let guardVariable = "GLOCAL_BLAS_KERNELS"

  /// The kernels with AVX-512, of which OpenBLAS has these.
  static let withAVX512 = ["SkylakeX", "Cooperlake", "SapphireRapids"]

  /// The kernels to start again with, or nil where those in use should stay.
  ///
  /// - Parameters:
  ///   - kernels: those in use (``BLASLibrary/kernels``).
  ///   - choosesKernels: whether the library has others (``BLASLibrary/choosesKernels``).
  ///   - processor: the machine's processor.
  ///   - environment: the process's environment; the user's own choice is never overridden.
  public static func better(
    than kernels: String, choosesKernels: Bool, processor: ProcessorDescription,
    environment: [String: String]
  ) -> String? {
    guard choosesKernels, environment[variable] == nil, environment[guardVariable] == nil,
      isPoor(kernels, on: processor)
    else { return nil }
    return "SkylakeX"
  }

  /// Whether the processor has AVX-512 and the kernels do not use it.
  public static func isPoor(_ kernels: String, on processor: ProcessorDescription) -> Bool {
    processor.hasAVX512
      && !withAVX512.contains { $0.lowercased() == kernels.lowercased() }
  }
}
