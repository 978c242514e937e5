import Glibc

/// How often each loss was met, in bins whose width grows with the loss.
///
/// Counts are whole numbers, so that their sum over ranks has the same bits in any order.
public struct LossHistogram: Equatable, Sendable {
  /// The number of bins.
  public static let count = 4096
  /// Up to here bins are all alike; above, a quarter of a per cent wide.
  private static let unit = 1e-3
  private static let greatest = 40.0

  /// How many losses fell into each bin, `[count]`.
  public var counts = [Double](repeating: 0, count: LossHistogram.count)

  /// No losses.
  public init() {}

  /// The loss in the middle of each bin that is not empty, and its count.
  public var met: [(loss: Double, count: Double)] {
    counts.indices.filter { counts[$0] > 0 }.map { bin in
      let place = (Double(bin) + 0.5) / Double(Self.count) * log1p(Self.greatest / Self.unit)
      return (Self.unit * expm1(place), counts[bin])
    }
  }

  /// Counts a loss; one beyond the last bin, or not a number, falls into that.
  public mutating func add(_ loss: Double) {
    let place = log1p(max(loss, 0) / Self.unit) / log1p(Self.greatest / Self.unit)
    let bin = place < 1 ? Int(place * Double(Self.count)) : Self.count - 1
    counts[min(bin, Self.count - 1)] += 1
  }
}
