/// Four random 32-bit words as a function of a counter and a key: Philox4x32-10.
///
/// A counter-based generator has no state: block `n` of any stream can be computed on any rank, in
/// any order, so no random state has to be stored in a checkpoint or sent.
///
/// Reference: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011. One round, with (hi, lo) the halves of a 64-bit product:
///
///     c ← (hi(M₁ c₂) ⊕ c₁ ⊕ k₀,  lo(M₁ c₂),  hi(M₀ c₀) ⊕ c₃ ⊕ k₁,  lo(M₀ c₀))
///     k ← k + (W₀, W₁)
///
/// ten times.
@frozen
public enum Philox4x32 {
  /// A counter or a block of output: four 32-bit words.
  public typealias Block = SIMD4<UInt32>
  /// A key: two 32-bit words.
  public typealias Key = SIMD2<UInt32>

  /// The output block for a counter and a key.
  ///
  /// Distinct counters give distinct blocks under the same key: the map is a bijection.
  @inlinable
  public static func block(counter: Block, key: Key) -> Block {
    var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
    var (k0, k1) = (key[0], key[1])
    for round in 0..<10 {
      if round > 0 {
        // Weyl constants: the golden ratio and √3 − 1.
        k0 &+= 0x9E37_79B9
        k1 &+= 0xBB67_AE85
      }
      let first = UInt64(c0) &* 0xD251_1F53
      let second = UInt64(c2) &* 0xCD9E_8D57
      c0 = UInt32(truncatingIfNeeded: second >> 32) ^ c1 ^ k0
      c1 = UInt32(truncatingIfNeeded: second)
      c2 = UInt32(truncatingIfNeeded: first >> 32) ^ c3 ^ k1
      c3 = UInt32(truncatingIfNeeded: first)
    }
    return Block(c0, c1, c2, c3)
  }
}
