import COneDNN

/// The processor that this program was compiled for.
public enum BuildTarget {
  /// The x86-64 level that the compiler was allowed to use, or the architecture.
  ///
  /// The level, not the name given to `-march`, since `native` may be any level.
  public static var level: String {
    #if arch(x86_64)
      // A table: a switch over a constant would warn of branches that are never executed.
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
