/// How numbers are spread.
package struct Spread: Equatable {
  package let mean: Double
  /// The standard deviation; 0 of a single number.
  package let deviation: Double
  /// Their quartiles, linear between neighbours.
  package let quartiles: (lower: Double, median: Double, upper: Double)

  /// The spread of some finite numbers; nil of none.
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
