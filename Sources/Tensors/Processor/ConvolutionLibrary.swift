import COneDNN
import Glibc

/// The library that computes convolutions (oneDNN), and its threads.
public enum ConvolutionLibrary {
  /// The version, such as `2.6.3` (`dnnl_version`).
  public static var version: String {
    guard let version = dnnl_version()?.pointee else { return "unknown" }
    return "\(version.major).\(version.minor).\(version.patch)"
  }

  /// The instruction set for which kernels are generated (`dnnl_get_effective_cpu_isa`).
  public static var instructionSet: String {
    let isa = dnnl_get_effective_cpu_isa()
    // Compared by number, since oneDNN 3's C interface names some of them differently.
    let names: [UInt32: String] = [
      0x1: "SSE4.1", 0x3: "AVX", 0x7: "AVX2", 0x407: "AVX2 with VNNI", 0x27: "AVX-512",
      0x67: "AVX-512 with VNNI", 0xe7: "AVX-512 with bfloat16", 0x3e7: "AVX-512 with AMX",
    ]
    return names[UInt32(isa.rawValue)] ?? "number 0x\(String(isa.rawValue, radix: 16))"
  }

  /// The instruction set's support for `compute: bfloat16`.
  public static var bfloat16: BFloat16Support {
    let isa = UInt32(dnnl_get_effective_cpu_isa().rawValue)
    // AMX is 0x3e7; 0xe7 is AVX-512 with bfloat16. Below, oneDNN would emulate it, slower than
    // float32.
    return if isa & 0x3e7 == 0x3e7 {
      .matrixUnit
    } else if isa & 0xe7 == 0xe7 {
      .vectors
    } else {
      .rounding
    }
  }

  /// Sets the number of OpenMP threads, which oneDNN uses; takes effect with its next kernel.
  ///
  /// - Parameter threads: at least 1.
  public static func setThreads(_ threads: Int) {
    precondition(threads >= 1, "oneDNN needs at least one thread, not \(threads)")
    openMP("omp_set_num_threads", as: (@convention(c) (Int32) -> Void).self)?(
      Int32(clamping: threads))
  }

  /// The number of threads of oneDNN's next kernel; nil if it was not built with OpenMP.
  public static var threads: Int? {
    openMP("omp_get_max_threads", as: (@convention(c) () -> Int32).self).map { Int($0()) }
  }

  /// A routine of the OpenMP library that oneDNN loaded; looked up at run time, so no header is
  /// needed.
  private static func openMP<Routine>(_ name: String, as type: Routine.Type) -> Routine? {
    // dlopen(nil) searches everything that the program has loaded.
    guard let program = dlopen(nil, RTLD_NOW), let routine = dlsym(program, name) else {
      return nil
    }
    return unsafeBitCast(routine, to: type)
  }
}
