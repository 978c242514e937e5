import COneDNN

/// The processor for which this program was compiled.
public enum BuildTarget {
  /// The level of x86-64 that the compiler was allowed to use, or the architecture.
  ///
  /// The level, not the name given to `-march`: `native` may be any of them.
  public static var level: String {
    #if arch(x86_64)
      // A table: a switch over a constant has branches that are "never executed".
      let names: [Int32: String] = [
        1: "x86-64 (SSE2)", 2: "x86-64-v2 (SSE4.2)", 3: "x86-64-v3 (AVX2, FMA)",
        4: "x86-64-v4 (AVX-512)",
      ]
      return names[GLOCAL_BUILD_LEVEL] ?? "x86-64"
    #elseif arch(arm64)
      return "arm64"
    #else
      return "unknown"
    #endif
  }
}
