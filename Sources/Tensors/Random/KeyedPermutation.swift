/// A permutation of 0 ..< count of which any entry can be asked for, without a table.
///
/// A balanced Feistel network over the next power of 4 (Luby and Rackoff 1988), with Philox as its round
/// function, walked until it comes back below `count` (Black and Rogaway 2002, "Ciphers with arbitrary
/// finite domains"): a bijection whatever the rounds do. For sets whose table would take seconds to
/// shuffle and hundreds of megabytes.
public struct KeyedPermutation: Sendable {
  /// The entries.
  public let count: Int
  private let seed: UInt64
  private let purpose: RandomPurpose
  private let step: Int
  /// Bits of each half.
  private let bits: Int

  /// From so many on, tables are not drawn.
  public static let leastCount = 1 << 24

  /// The permutation of a seed, a purpose and a step.
  ///
  /// - Precondition: `count` is from 1 to 2³².
  public init(count: Int, seed: UInt64, purpose: RandomPurpose, step: Int = 0) {
    precondition(count >= 1 && count <= 1 << 32, "no permutation of \(count) is keyed")
    (self.count, self.seed, self.purpose, self.step) = (count, seed, purpose, step)
    let width = Int.bitWidth - (count - 1).leadingZeroBitCount
    bits = max(1, (width + 1) / 2)
  }

  /// Where a place leads.
  ///
  /// - Precondition: `place` is in 0 ..< count.
  public subscript(place: Int) -> Int {
    precondition(place >= 0 && place < count, "place \(place) of \(count)")
    var place = place
    repeat { place = once(place) } while place >= count
    return place
  }

  private func once(_ place: Int) -> Int {
    let mask = 1 << bits - 1
    var (left, right) = (place >> bits, place & mask)
    for round in 0..<8 {
      // Four words a block: a round and a half have one of their own.
      var stream = RandomStream(
        seed: seed, purpose: purpose, step: step,
        block: UInt32(truncatingIfNeeded: round << 16 | right))
      (left, right) = (right, left ^ (Int(stream.word()) & mask))
    }
    return left << bits | right
  }
}
