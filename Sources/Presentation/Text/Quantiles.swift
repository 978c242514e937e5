/// Quantiles of a set of numbers.
package struct Quantiles {
  private let sorted: [Double]

  /// Creates the quantiles of the finite numbers.
  package init(_ values: [Double]) { sorted = values.filter(\.isFinite).sorted() }

  /// The quantile at a fraction in 0 … 1, interpolated linearly.
  package func value(_ share: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let place = share * Double(sorted.count - 1)
    let index = Int(place)
    guard index + 1 < sorted.count else { return last }
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
  }

  /// A range with some margin around the middle nine tenths; nil if the rest is not far outside.
  package var bulk: ClosedRange<Double>? {
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let (low, high) = (value(0.05), value(0.95))
    let room = 0.35 * (high - low)
    guard room > 0, first < low - 3 * room || last > high + 3 * room else { return nil }
    return (low - room)...(high + room)
  }
}
