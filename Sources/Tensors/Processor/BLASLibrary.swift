import COpenBLAS

/// The BLAS library that this process has loaded (OpenBLAS).
public enum BLASLibrary {
  /// The kernels in use, named after the processor they were written for, such as `SkylakeX`.
  ///
  /// OpenBLAS chooses them when it is loaded, from the processor or `OPENBLAS_CORETYPE`
  /// (`openblas_get_corename`).
  public static var kernels: String {
    openblas_get_corename().map { String(cString: $0) } ?? "unknown"
  }

  /// Version and build options, such as `OpenBLAS 0.3.21 DYNAMIC_ARCH … MAX_THREADS=64`
  /// (`openblas_get_config`).
  public static var configuration: String {
    openblas_get_config().map { String(cString: $0) } ?? "unknown"
  }

  /// Whether the library contains kernels for several processors.
  public static var choosesKernels: Bool { configuration.contains("DYNAMIC_ARCH") }

  /// The number of threads per product; unlike the environment variable, it can be set at any time.
  ///
  /// Must be at least 1.
  public static var threads: Int {
    get { Int(openblas_get_num_threads()) }
    set {
      precondition(newValue >= 1, "BLAS needs at least one thread, not \(newValue)")
      openblas_set_num_threads(Int32(clamping: newValue))
    }
  }
}
