/// The spread of a set of numbers.
package struct Spread: Equatable {
  package let mean: Double
  /// The standard deviation; 0 for a single number.
  package let deviation: Double
  /// The quartiles, interpolated linearly.
  package let quartiles: (lower: Double, median: Double, upper: Double)

  /// The spread of finite numbers; nil if there are none.
  package init?(of numbers: [Double]) {
    guard !numbers.isEmpty else { return nil }
    let count = Double(numbers.count)
    let mean = numbers.reduce(0, +) / count
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let quantiles = Quantiles(numbers)
    self.mean = mean
    deviation = count > 1 ? (squares / (count - 1)).squareRoot() : 0
    quartiles = (quantiles.value(0.25), quantiles.value(0.5), quantiles.value(0.75))
  }

  package static func == (left: Spread, right: Spread) -> Bool {
    left.mean == right.mean && left.deviation == right.deviation
      && left.quartiles == right.quartiles
  }
}
