#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The random numbers of one (seed, purpose, step), starting from the first.
///
/// Everything random in a run is a function of these three: there is no generator state to save,
/// and any rank can draw the numbers of any step. Create a stream where numbers are needed and
/// discard it:
///
///     var stream = RandomStream(seed: seed, purpose: .parameters, step: layer)
///     for i in 0..<weights.count { weights[i] = Float(stream.normal()) }
///
/// The numbers come from Philox4x32-10 (`Philox4x32`) with the seed as key and the counter (block,
/// purpose, low half of the step, high half of the step). A stream has 2³⁴ words.
///
/// It deliberately does not conform to `RandomNumberGenerator`: the standard library's `shuffle`
/// and `random(in:)` do not guarantee the same result in the next release of Swift.
@frozen
public struct RandomStream: Sendable {
  @usableFromInline let key: Philox4x32.Key
  @usableFromInline var counter: Philox4x32.Block
  @usableFromInline var block = Philox4x32.Block()
  /// The number of words of `block` already used; at 4 the next block is generated.
  @usableFromInline var used = 4
  /// The sine half of the last Box–Muller pair.
  @usableFromInline var spareNormal: Double?

  /// The stream of a seed, a purpose and a step.
  ///
  /// - Parameter block: the number of blocks of four words to skip, for steps whose parts each use
  ///   a few words.
  /// - Precondition: `step` is not negative.
  @inlinable
  public init(seed: UInt64, purpose: RandomPurpose, step: Int = 0, block: UInt32 = 0) {
    precondition(step >= 0, "random numbers of step \(step): steps are counted from 0")
    let index = UInt64(step)
    key = Philox4x32.Key(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = Philox4x32.Block(
      block, purpose.rawValue, UInt32(truncatingIfNeeded: index),
      UInt32(truncatingIfNeeded: index >> 32))
  }

  /// The next 32 random bits.
  @inlinable
  public mutating func word() -> UInt32 {
    if used == 4 {
      block = Philox4x32.block(counter: counter, key: key)
      let (next, exhausted) = counter[0].addingReportingOverflow(1)
      precondition(!exhausted, "a random stream holds 2^34 words: use a step per part")
      counter[0] = next
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  /// The next 64 random bits: two words, low half first.
  @inlinable
  public mutating func bits() -> UInt64 {
    let low = word()
    return UInt64(low) | UInt64(word()) << 32
  }

  /// A uniform number in [0, 1), one of the 2⁵³ multiples of 2⁻⁵³.
  @inlinable
  public mutating func uniform() -> Double {
    Double(bits() >> 11) * 0x1p-53
  }

  /// A uniform number in [low, high): `low + (high − low) · uniform()`.
  ///
  /// Rounding may give `high` itself if the interval is narrow relative to its ends.
  @inlinable
  public mutating func uniform(in range: Range<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A standard normal number, by the Box–Muller method (1958).
  ///
  ///     z = √(−2 ln u) cos 2πv,   then   √(−2 ln u) sin 2πv,    u ∈ (0, 1], v ∈ [0, 1)
  ///
  /// Two calls use one pair (u, v). u is a multiple of 2⁻⁵³, so |z| ≤ 8.6. The logarithm, sine and
  /// cosine come from the C library: bitwise identical on every rank of a machine, but not
  /// guaranteed to the last bit across different C libraries.
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// A uniform integer in 0 ..< bound.
  ///
  /// The high word of a 64 × 64 bit product; the few products that would cause a bias are rejected
  /// and redrawn: D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
  ///
  /// - Precondition: `bound` is positive.
  @inlinable
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "no integer lies in 0 ..< \(bound)")
    let range = UInt64(bound)
    var product = bits().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold {
        product = bits().multipliedFullWidth(by: range)
      }
    }
    return Int(product.high)
  }
}
